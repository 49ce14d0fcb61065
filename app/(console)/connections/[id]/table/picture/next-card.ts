import type { Card } from "./lay-out.ts";

/** Ways that an arrow key leads. */
const ways = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
} as const;

/**
 * The card that an arrow key leads to: the nearest one that lies more that way than aside.
 * @returns undefined for another key, and where none lies there
 */
export function nextCard(cards: readonly Card[], from: string, key: string): Card | undefined {
  const start = cards.find(({ table }) => table.id === from);
  if (start === undefined || !Object.hasOwn(ways, key)) return undefined;
  const [right, down] = ways[key as keyof typeof ways];
  let best: { readonly card: Card; readonly cost: number } | undefined;
  for (const card of cards) {
    const x = card.x + card.width / 2 - start.x - start.width / 2;
    const y = card.y + card.height / 2 - start.y - start.height / 2;
    const ahead = x * right + y * down;
    const aside = Math.abs(x * down) + Math.abs(y * right);
    if (card === start || ahead <= 0) continue;
    const cost = ahead + 2 * aside;
    if (best === undefined || cost < best.cost) best = { card, cost };
  }
  return best?.card;
}
