// Receipt numbers as blocks/submissions.py reads them: a month, a serial, a check digit of Damm.
const TABLE = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134",
  "8945362017", "9438617205", "2581436790"];
const check = (digits) => [...digits].reduce((interim, digit) => TABLE[interim][digit], "0");

// With its dashes; "" for nothing, null for a wrong one.
export function read(typed) {
  const digits = typed.replace(/[^0-9]/g, "");
  if (!digits && !typed.trim()) return "";
  if (digits.length < 9 || digits.length > 11 || check(digits) !== "0") return null;
  return `${digits.slice(0, 4)}-${digits.slice(4, -1)}-${digits.slice(-1)}`;
}

export function next(number) {
  const [month, serial] = number.split("-");
  const following = String(Number(serial) + 1).padStart(serial.length, "0");
  return `${month}-${following}-${check(month + following)}`;
}
