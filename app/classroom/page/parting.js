/** Where the tellings of one life in two worlds part. */

import { tr } from "./languages.js";

/**
 * Where two tellings of one life first differ; null where they do not.
 * @param {{paragraphs: Array<{month: number, date: string, text: string}>}} life
 * @param {{paragraphs: Array}} other
 */
export function parting(life, other) {
  const length = Math.max(life.paragraphs.length, other.paragraphs.length);
  for (let i = 0; i < length; i += 1) {
    const one = life.paragraphs[i];
    const two = other.paragraphs[i];
    if (one && two && one.month === two.month && one.text === two.text) continue;
    const first = !two || (one && one.month <= two.month) ? one : two;
    const text =
      i === 0
        ? tr("The two lives differ from the first.")
        : tr("Until {date} both lives are the same.", { date: first.date });
    return { month: first.month, date: first.date, text };
  }
  return null;
}
