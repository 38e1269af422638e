// "vit_", "base_", "patch16_", "224.", "augreg": where a long name may break.
export const wordsOfName = (name: string): string[] => name.split(/(?<=[._\-/])/);
