"""A first visit of a page, as Chromium counts it: nothing is kept yet, 390 px wide."""

from dataclasses import dataclass

from .chromium import PHONE, new_window

OBSERVED = """window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: 'layout-shift', buffered: true});"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER_CPU = 4


@dataclass(frozen=True)
class Load:
    """Bytes as they came over the line, with heads; `shift` adds up what moved without anybody touching the page."""

    requests: int
    bytes: int
    fonts: int
    sheets: int
    shift: float
    paint_ms: float

    @property
    def without_fonts(self) -> int:
        return self.bytes - self.fonts


def loaded(browser, url: str, *, slow: bool = False, cookies=()) -> Load:
    """The page at its first visit, until nothing more comes; `slow`: by slow 4G on a processor of a quarter."""
    window, kinds, sizes = new_window(browser, PHONE), {}, {}
    window.context.add_cookies(list(cookies))
    window.add_init_script(OBSERVED)
    line = window.context.new_cdp_session(window)
    line.send("Network.enable")
    if slow:
        line.send("Network.emulateNetworkConditions", SLOW_4G)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    line.on("Network.responseReceived", lambda told: kinds.update(
        {told["requestId"]: told["type"]}))
    line.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    window.goto(url, wait_until="networkidle")
    shift, paint = window.evaluate("shifted"), window.evaluate(PAINT)
    window.context.close()
    came = [(kinds[request], size) for request, size in sizes.items() if size and request in kinds]
    return Load(len(came), sum(size for _kind, size in came), sum(size for kind, size in came if kind == "Font"),
                sum(kind == "Stylesheet" for kind, _size in came), shift, paint)
