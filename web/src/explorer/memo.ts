// Remembers the last answer: computed again only when an input is another. Inputs are compared as
// they are, so what they hold must not change.
export function memo<Inputs extends readonly unknown[], Answer>(
  compute: (...inputs: Inputs) => Answer,
): (...inputs: Inputs) => Answer {
  let last: { readonly inputs: Inputs; readonly answer: Answer } | undefined;
  return (...inputs) => {
    const isSame =
      last?.inputs.length === inputs.length &&
      inputs.every((input, i) => Object.is(input, last!.inputs[i]));
    if (last === undefined || !isSame) {
      last = { inputs, answer: compute(...inputs) };
    }
    return last.answer;
  };
}
