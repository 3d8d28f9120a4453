// Adds numbers up while they are typed; the server adds them up again.
for (const shown of document.querySelectorAll("[data-sum]")) {
  const { sum: selector, words, most, left, over } = shown.dataset;
  const fields = shown.closest("form, .fold-in").querySelectorAll(selector);
  const update = () => {
    const numbers = [...fields].map((field) => Number(field.value.replaceAll(",", "")) || 0);
    const sum = numbers.reduce((before, number) => before + number, 0);
    const say = (text, number) => text?.replace("{}", Math.abs(number).toLocaleString("ko")) ?? "";
    shown.hidden = !sum;
    shown.textContent = `${say(words, sum)} ${most ? say(sum > most ? over : left, most - sum) : ""}`;
  };
  fields.forEach((field) => field.addEventListener("input", update));
  update();
}
