// What the inference study's page does with each step of its weight slider, with Plotly: score all
// models, colour the plane behind them by the score, and draw the best twenty as bars. Its points
// are drawn with WebGL, as Plotly Express does from a thousand on.

async function start() {
  const { accuracy, energy, classes, names } = await (await fetch('/models.json')).json();
  const greatest = Math.max(...energy);
  const score = (a, e, weight) => 100 - (weight * (e / greatest) * 100 + (1 - weight) * (100 - a));
  const gridE = Array.from({ length: 100 }, (_, i) => 10 ** (-3 + (4.8 * i) / 99));
  const gridA = Array.from({ length: 100 }, (_, i) => 40 + (55 * i) / 99);
  const kinds = [...new Set(classes)];

  function draw(weight) {
    const scores = accuracy.map((a, i) => score(a, energy[i], weight));
    const order = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a]);
    const best = order.slice(0, 20).reverse();
    const contour = {
      type: 'contour', x: gridE, y: gridA, showscale: false, hoverinfo: 'skip', opacity: 0.5,
      z: gridA.map((a) => gridE.map((e) => score(a, e, weight))),
    };
    const scatters = kinds.map((kind) => {
      const rows = order.filter((i) => classes[i] === kind);
      return {
        type: 'scattergl', mode: 'markers', name: kind,
        x: rows.map((i) => energy[i]), y: rows.map((i) => accuracy[i]), text: rows.map((i) => names[i]),
      };
    });
    Plotly.react('plot', [contour, ...scatters], { xaxis: { type: 'log' }, margin: { t: 10 } });
    const labels = best.map((i) => names[i]);
    Plotly.react(
      'bars',
      [
        { type: 'bar', orientation: 'h', y: labels, x: best.map((i) => energy[i]), name: 'energy' },
        { type: 'bar', orientation: 'h', y: labels, x: best.map((i) => accuracy[i]), name: 'accuracy', xaxis: 'x2' },
      ],
      { xaxis: { domain: [0, 0.45] }, xaxis2: { domain: [0.55, 1] }, margin: { t: 10, l: 160 } },
    );
  }

  const slider = document.querySelector('[data-testid=weight]');
  slider.addEventListener('input', () => draw(slider.valueAsNumber));
  draw(0.5);
  requestAnimationFrame(() => requestAnimationFrame(() => (window.wattfor = { ready: true })));
}
start();
