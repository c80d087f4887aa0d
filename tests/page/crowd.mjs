// The built-in campus with many cars that go up and down its roads: a scenario file as large as they come.

import { readFile } from "node:fs/promises";
import { root } from "./browser.mjs";

/** Roads shorter than this have no cars; a car's way is at least so long: metres. */
const LEAST_M = 150;
const WAY_M = 3_400;

const metres = (line) =>
  line.slice(1).reduce((sum, [lon, lat], i) => sum + Math.hypot((lon - line[i][0]) * 67_900, (lat - line[i][1]) * 111_200), 0);

/** The built-in campus as a scenario. */
export const campus = async () => JSON.parse(await readFile(new URL("static/scenarios/warwick.json", root), "utf8"));

/** The same with so many cars in place of its road users, spread over the roads. */
export async function crowd(cars) {
  const scenario = await campus();
  const roads = scenario.map.roads.map(({ points }) => points).filter((points) => metres(points) >= LEAST_M);
  const car = (_, i) => {
    const road = roads[i % roads.length];
    // Each starts at a point of its own between two of the road's.
    const share = ((i + 1) * 0.618_034) % 1;
    const from = 1 + Math.floor(share * (road.length - 1));
    const between = road[from - 1].map((v, axis) => Number((v + (road[from][axis] - v) * ((share * (road.length - 1)) % 1)).toFixed(7)));
    const way = [between, ...road.slice(from)];
    for (let down = true; metres(way) < WAY_M; down = !down) way.push(...(down ? road.toReversed() : road).slice(1));
    return { id: `crowd-${i + 1}`, kind: "car", points: way, speed_mps: 5 + (i % 9), depart_s: 0 };
  };
  return { ...scenario, name: "A crowd", road_users: Array.from({ length: cars }, car) };
}
