// Remembers the last answer: computed again only when an input is another. Inputs are compared as
// they are, so what they hold must not change.
export function memo<Inputs extends readonly unknown[], Answer>(
  compute: (...inputs: Inputs) => Answer,
): (...inputs: Inputs) => Answer {
  let last: { readonly inputs: Inputs; readonly answer: Answer } | undefined;
  return (...inputs) => {
    if (last === undefined || inputs.some((input, i) => !Object.is(input, last!.inputs[i]))) {
      last = { inputs, answer: compute(...inputs) };
    }
    return last.answer;
  };
}
