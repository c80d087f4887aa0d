// Compiled, never run: what a program in TypeScript may rely on, and what it must be told.
import init, { runTest, Simulation } from "keyway";
import type { EveKind, EventRecord, GeoPoint, Knobs, LogLine, Scene, SimulationOptions, Snapshot, TestRow } from "keyway";

await init();
const options: SimulationOptions = { seed: 7n, protected: false, visibilityKm: 2.5 };
const run = new Simulation(options);
run.advance(0.5);
run.runTo(Infinity);

const scene: Scene = run.scene();
const seed: bigint = scene.seed;
const [lon, lat]: GeoPoint = scene.planned_route[0]!;
const shot: Snapshot = run.snapshot();
const bits: bigint = shot.counts.secret_bits;
const arrived: number | null = shot.car.arrived_s;
const beams: ("Emitting" | "Standby" | "Down")[] = shot.links.map((link) => link.beam);
const lines: LogLine[] = run.log();
const events: EventRecord[] = run.events();
const knobs: Knobs = shot.knobs;
run.setKnobs({ ...knobs, attack: false });
run.setKnobs({ eveFraction: 0.2, eveLink: 1, eveKind: "beam_splitting", rainMmH: 2.5, hourUtc: 22 });
const kind: EveKind = knobs.eve_kind;
const holds: ("None" | "Lost" | "Acquiring" | "Stowed" | "SourceHeld" | "NoRandomness")[] = shot.links.map((link) => link.hold);
const [spread]: number[] = shot.links[0]!.budget_db;
const fork: Simulation = run.fork();
const row: TestRow = runTest(4, { seed: "7" });
export default [kind, holds, spread, seed, lon, lat, bits, arrived, beams, lines, events, fork.digest() satisfies string, row.digest];

// @ts-expect-error a misspelt option
new Simulation({ sed: 7 });
// @ts-expect-error a switch of the wrong type
run.setKnobs({ attack: "yes" });
// @ts-expect-error an eavesdropper that is not known
run.setKnobs({ eveKind: "tickling" });
// @ts-expect-error the clock cannot be set
run.time = 3;
// @ts-expect-error what is missing has to be looked at first
shot.car.position[0];
