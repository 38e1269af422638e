// How long a page's main thread works: the sum of its tasks in a trace of the browser, by the
// processor's time of that thread, which what else runs on the machine does not lengthen.

const traceCategories = ['toplevel', 'blink.user_timing'];

export async function traced(page, work) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: traceCategories },
  });
  const answer = await work();
  const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await done;
  await session.detach();
  return { answer, events };
}

// Milliseconds of tasks between the marks "NAME-i" and "NAME-i-end", one a step. Nested tasks count
// once.
export function workOfSteps(events, name, steps) {
  const marks = new Map();
  for (const event of events) {
    if (event.cat?.includes('blink.user_timing') && event.name.startsWith(`${name}-`)) {
      marks.set(event.name, event);
    }
  }
  const first = marks.get(`${name}-0`);
  const tasks = events
    .filter((event) => event.name === 'ThreadControllerImpl::RunTask' && event.ph === 'X')
    .filter((event) => event.pid === first.pid && event.tid === first.tid);
  const timed = tasks.filter(({ tts }) => tts !== undefined).sort((a, b) => a.tts - b.tts);
  // Of a few short tasks the trace gives the wall's time alone, which is not less; one within another
  // is in its time.
  const isWithin = (inner) => (outer) => outer.ts <= inner.ts && inner.ts < outer.ts + outer.dur;
  const untimed = tasks.filter((task) => task.tts === undefined && !timed.some(isWithin(task)));
  // The tasks between the marks. That of the first mark itself has set the slider: its share behind
  // the mark counts, told by the thread's clock, which marks carry, too.
  const work = [];
  for (let i = 0; i < steps; ++i) {
    const from = marks.get(`${name}-${i}`);
    const to = marks.get(`${name}-${i}-end`);
    let sum = 0;
    let covered = from.tts;
    for (const { tts, tdur = 0 } of timed) {
      const begin = Math.max(tts, covered);
      const end = Math.min(tts + tdur, to.tts);
      if (end <= begin) continue;
      sum += end - begin;
      covered = end;
    }
    for (const { ts, dur = 0 } of untimed) if (ts >= from.ts && ts < to.ts) sum += dur;
    work.push(sum / 1000);
  }
  return work;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
