"""Detection of anything of a hostile text that ran in a page, or stands in it as more than text."""

# For `page.add_init_script` before the first page is opened; also works in frames. What a strict
# content security policy stopped is reported as well: it had become a script all the same.
DETECTOR_INIT_SCRIPT = """
(() => {
  const top_ = (() => { try { return window.top.__ran ? window.top : window; } catch { return window; } })();
  const seen = top_.__ran || [];
  const tell = (what) => { seen.push(String(what)); };
  const fix = (name, value) => Object.defineProperty(window, name, {value, configurable: false, writable: false});
  fix('__ran', seen);
  fix('__pwned', (number) => tell('ran ' + number));
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) {
    window[name] = (...said) => { tell(name + ' ' + said.join(' ').slice(0, 80)); return null; };
  }
  const title = Object.getOwnPropertyDescriptor(Document.prototype, 'title');
  Object.defineProperty(document, 'title', {
    get() { return title.get.call(document); },
    set(text) { if (String(text).startsWith('pwned')) tell('title'); title.set.call(document, text); },
  });
  addEventListener('error', (event) => {
    if (event.message && /__pwned/.test(event.message)) tell('error ' + event.message);
  }, true);
  document.addEventListener('securitypolicyviolation', (event) => {
    if (/^(script|object|frame|base|form)/.test(event.effectiveDirective)) {
      tell('blocked ' + event.effectiveDirective + ' ' + (event.sample || event.blockedURI).slice(0, 80));
    }
  });
})();
"""

_FIND = """
() => {
  const found = [];
  const bad = /^[\\u0000-\\u0020]*(javascript|vbscript|data|file|blob|view-source|feed):/i;
  const picture = /^data:image\\/(png|webp|jpeg|svg\\+xml[^<]*$)/;
  const addresses = ['href', 'xlink:href', 'src', 'srcdoc', 'action', 'formaction', 'data', 'ping', 'poster',
    'background'];
  // What a form says about personal numbers; what is inside is looked at like the page.
  const ours = (element) => element.getAttributeNames().join() === 'data-personal-offer';
  const look = (root) => root.querySelectorAll('*').forEach((element) => {
    const name = element.localName;
    const where = element.outerHTML.slice(0, 120);
    if (name === 'script' && !element.src && !/json/.test(element.type)) found.push('script: ' + where);
    if (['iframe', 'frame', 'object', 'embed', 'base', 'applet', 'marquee', 'math', 'set', 'animate',
         'foreignObject'].includes(name)) found.push(name + ': ' + where);
    if (name === 'template') ours(element) ? look(element.content) : found.push(name + ': ' + where);
    if (name === 'meta' && /refresh|security/i.test(element.httpEquiv)) found.push('meta: ' + where);
    for (const attribute of element.attributes) {
      if (/^on/i.test(attribute.name)) found.push('event: ' + where);
      const address = attribute.value.replace(/[\\t\\n\\r]/g, '');
      if (addresses.includes(attribute.name) && bad.test(address) && !picture.test(address)) {
        found.push('address: ' + where);
      }
      if (/__pwned/.test(attribute.name)) found.push('attribute: ' + where);
    }
  });
  look(document);
  return found;
}
"""


def ran(page) -> list[str]:
    """All that ran in the page or any of its frames, was asked for in a dialogue, or was stopped by its policy."""
    return [what for frame in page.frames for what in frame.evaluate("() => window.__ran ?? ['no detector']")]


def injected(page) -> list[str]:
    """Elements and attributes of the page that no page of ours has: events, inline scripts, odd addresses."""
    return page.evaluate(_FIND)
