import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

class CustomProperties extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) {
      throw new Error('customProperties belongs on an element, not on an attribute.');
    }
  }

  override update(part: ElementPart, [values]: [Record<string, string | number>]) {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(values)) {
      style.setProperty(name, String(value));
    }
    return noChange;
  }

  render(_values: Record<string, string | number>) {
    return noChange;
  }
}

/** Sets CSS custom properties through the style object: the page's policy forbids style attributes, which bindings would write. */
export const customProperties = directive(CustomProperties);
