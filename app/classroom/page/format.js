/** Numbers and dates as people read them. */

import { locale, tr } from "./languages.js";

const MADE = new Map(); // a formatter takes longer to make than a chart to draw

/** What writes a kind of number or date in the language that is spoken, made once. */
function once(kind, make) {
  const key = `${locale()} ${kind}`;
  if (!MADE.has(key)) MADE.set(key, make());
  return MADE.get(key);
}

const numbers = (kind, options) => once(kind, () => new Intl.NumberFormat(locale(), options));

/** A count with separators; three significant digits from 10,000 on. */
export function count(value) {
  if (!Number.isFinite(value)) return tr("none");
  let number = value;
  if (Math.abs(number) >= 10000) {
    const power = 10 ** (Math.floor(Math.log10(Math.abs(number))) - 2);
    number = Math.round(number / power) * power;
  }
  return numbers("count", { maximumFractionDigits: 0 }).format(number);
}

/** A share, 0 to 1, as a percentage; never 0% for something nor 100% for less than all. */
export function percent(share) {
  if (!Number.isFinite(share)) return tr("none");
  if (share > 1e-9 && share < 0.005) return tr("under {number}", { number: percentage(0.01) });
  if (share > 0.995 && share < 1 - 1e-9) return tr("over {number}", { number: percentage(0.99) });
  return percentage(Math.round(100 * share) / 100);
}

/** A share as a percentage with at most so many digits after the point. */
export function percentage(share, digits = 0) {
  return numbers(`percent ${digits}`, { style: "percent", maximumFractionDigits: digits }).format(share);
}

/** A number to about three significant digits. */
export function number(value) {
  if (!Number.isFinite(value)) return tr("none");
  const size = Math.abs(value);
  if (size < 1e-9) return "0";
  if (size >= 1000) return count(value);
  const rounded = Number(value.toPrecision(size >= 1 ? 3 : 2));
  return numbers("number", { maximumFractionDigits: 12, useGrouping: false }).format(rounded);
}

/** A number with one digit after the point. */
export function tenths(value) {
  return numbers("tenths", { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
}

/** A value of a measure, by its unit. */
export function valued(value, unit) {
  if (!Number.isFinite(value)) return tr("none");
  if (unit.startsWith("share")) return percent(value);
  return number(value);
}

/** A change with its sign, by the unit of what changes; `bare`: without the word for points of a share. */
export function signed(value, unit, bare = false) {
  if (!Number.isFinite(value)) return tr("none");
  if (unit.startsWith("share")) {
    const points = 100 * value;
    const said = `${points > 0 ? "+" : points < 0 ? "−" : ""}${number(Math.abs(points))}`;
    return bare ? said : tr("{number} points", { number: said });
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
  return monthOf(year, of, "long");
}

/** "Jan 1990". */
export function shortDate(start, month) {
  const [year, of] = yearMonth(start, month);
  return monthOf(year, of, "short");
}

function monthOf(year, month, length) {
  const format = once(
    `date ${length}`,
    () => new Intl.DateTimeFormat(locale(), { year: "numeric", month: length, timeZone: "UTC" }),
  );
  return format.format(Date.UTC(year, month - 1, 1));
}

/** A text with a capital letter. */
export function sentence(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Parts one after the other: "a, b, c". */
export function joined(parts) {
  return parts.join(locale() === "ja" ? "、" : ", ");
}

/** Parts one after the other that hold commas themselves: "a; b". */
export function apart(parts) {
  return parts.join(locale() === "ja" ? "；" : "; ");
}

/** Sentences one after the other. */
export function flowing(sentences) {
  return sentences.filter(Boolean).join(locale() === "ja" ? "" : " ");
}

/** Parts as an enumeration: "a, b and c". */
export function listed(parts) {
  if (parts.length < 2) return parts.join("");
  if (locale() !== "en") return new Intl.ListFormat(locale(), { type: "conjunction" }).format(parts);
  return `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}
