/** So many gaps in a source's numbers are remembered; then the oldest counts as filled. */
const MAX_RANGES = 1_000;

/** The numbers that were seen, as ranges: a source that counts up takes one. */
export class SeenNumbers {
  /** `[first, last]`, ascending, with gaps between them. */
  #ranges: [number, number][] = [];

  /** False if the number was seen before. */
  add(number: number): boolean {
    const ranges = this.#ranges;
    let index = ranges.length;
    // New numbers are nearly always the highest.
    for (let above = ranges[index - 1]; above !== undefined && above[0] > number; above = ranges[index - 1])
      index -= 1;
    const below = ranges[index - 1];
    if (below !== undefined && number <= below[1]) return false;
    const above = ranges[index];
    const joinsBelow = below !== undefined && below[1] + 1 === number;
    const joinsAbove = above !== undefined && above[0] - 1 === number;
    if (joinsBelow && joinsAbove) {
      below[1] = above[1];
      ranges.splice(index, 1);
    } else if (joinsBelow) {
      below[1] = number;
    } else if (joinsAbove) {
      above[0] = number;
    } else {
      ranges.splice(index, 0, [number, number]);
      this.#bound();
    }
    return true;
  }

  has(number: number): boolean {
    return this.#ranges.some(([first, last]) => number >= first && number <= last);
  }

  #bound(): void {
    if (this.#ranges.length <= MAX_RANGES) return;
    const [oldest, next] = this.#ranges;
    if (oldest !== undefined && next !== undefined) this.#ranges.splice(0, 2, [oldest[0], next[1]]);
  }
}
