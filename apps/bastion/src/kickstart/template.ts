import { LabError } from '@lab/domain';
import Handlebars from 'handlebars';

/** Renders a template by name. Compiled once; pure afterwards. */
export type Render = (name: string, context: Readonly<Record<string, unknown>>) => string;

/**
 * Compiles templates: strict, so that an unknown placeholder is an error and not an empty string, and without HTML
 * escaping, since the values are encoded for their context before. `partials` can be included by name.
 * Raises `not-found` for a template that isn't there, `internal` for one that asks for an unknown value.
 */
export function compileTemplates(
  templates: ReadonlyMap<string, string>,
  partials: ReadonlyMap<string, string> = new Map(),
): Render {
  const engine = Handlebars.create();
  const options = { strict: true, noEscape: true, preventIndent: true };
  // Partials are compiled here: one that is registered as text wouldn't be strict.
  for (const [name, text] of partials) engine.registerPartial(name, engine.compile(text, options));
  const compiled = new Map([...templates].map(([name, text]) => [name, engine.compile(text, options)]));
  return (name, context) => {
    const template = compiled.get(name);
    if (template === undefined) {
      throw new LabError('not-found', `There is no template "${name}".`, {
        hint: `Templates: ${[...compiled.keys()].join(', ') || 'none'}.`,
      });
    }
    try {
      return template(context);
    } catch (error) {
      throw new LabError('internal', `The template "${name}" can't be rendered.`, { cause: error });
    }
  };
}
