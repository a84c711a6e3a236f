/** Numbers and dates as people read them. */

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** A count with separators; three significant digits from 10,000 on. */
export function count(value) {
  if (!Number.isFinite(value)) return "none";
  let number = value;
  if (Math.abs(number) >= 10000) {
    const power = 10 ** (Math.floor(Math.log10(Math.abs(number))) - 2);
    number = Math.round(number / power) * power;
  }
  return number.toLocaleString("en", { maximumFractionDigits: 0 });
}

/** A share, 0 to 1, as a percentage; never 0% for something nor 100% for less than all. */
export function percent(share) {
  if (!Number.isFinite(share)) return "none";
  if (share > 1e-9 && share < 0.005) return "under 1%";
  if (share > 0.995 && share < 1 - 1e-9) return "over 99%";
  return `${Math.round(100 * share)}%`;
}

/** A number to about three significant digits. */
export function number(value) {
  if (!Number.isFinite(value)) return "none";
  const size = Math.abs(value);
  if (size < 1e-9) return "0";
  if (size >= 1000) return count(value);
  return String(Number(value.toPrecision(size >= 1 ? 3 : 2)));
}

/** A value of a measure, by its unit. */
export function valued(value, unit) {
  if (!Number.isFinite(value)) return "none";
  if (unit.startsWith("share")) return percent(value);
  return number(value);
}

/** A change with its sign, by the unit of what changes. */
export function signed(value, unit) {
  if (!Number.isFinite(value)) return "none";
  if (unit.startsWith("share")) {
    const points = 100 * value;
    return `${points > 0 ? "+" : points < 0 ? "−" : ""}${number(Math.abs(points))} points`;
  }
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${number(Math.abs(value))}`;
}

/** Year and month (1 to 12) of a month's number. `start`: "1990-01". */
export function yearMonth(start, month) {
  const all = Number(start.slice(0, 4)) * 12 + Number(start.slice(5, 7)) - 1 + month;
  return [Math.floor(all / 12), (all % 12) + 1];
}

/** "January 1990". */
export function dateWords(start, month) {
  const [year, of] = yearMonth(start, month);
  return `${MONTHS[of - 1]} ${year}`;
}

/** "Jan 1990". */
export function shortDate(start, month) {
  const [year, of] = yearMonth(start, month);
  return `${MONTHS[of - 1].slice(0, 3)} ${year}`;
}

/** A text with a capital letter. */
export function sentence(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Parts as an enumeration: "a, b and c". */
export function listed(parts) {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}
