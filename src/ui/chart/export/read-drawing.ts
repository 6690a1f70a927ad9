import type { DrawingNode } from './drawing.ts';
import { plainColor } from './plain-color.ts';

/** What the style sheets decide about an element, and an image file has to say itself. */
const SHAPE_STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity'];
const LINE_STYLES = ['stroke-linejoin', 'stroke-linecap'];
const TEXT_STYLES = ['font-family', 'font-size', 'font-weight', 'text-anchor', 'paint-order'];
const STYLED = new Set(['path', 'line', 'rect', 'circle', 'text', 'tspan']);
/** Attributes that only mean something on the page. */
const PAGE_ONLY = /^(?:class|style|id|role|tabindex|aria-.*|data-.*|key|name|orientation|type|pointer-events)$/;

/** The elements of a chart with all styles written out; crosshair and what is not to be seen are left out. */
export function readDrawing(svg: SVGSVGElement): DrawingNode[] {
  return [...svg.children].flatMap(readElement);
}

function readElement(element: Element): DrawingNode[] {
  const tag = element.tagName;
  if (element.classList.contains('hover') || tag === 'title' || tag === 'desc') return [];
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility === 'hidden') return [];
  const styled = STYLED.has(tag) && element.closest('clipPath') === null;
  if (styled && tag !== 'text' && tag !== 'tspan' && style.fill === 'none' && style.stroke === 'none') return [];
  const children = [...element.children].flatMap(readElement);
  if (tag === 'g' && children.length === 0) return [];
  const text = element.children.length === 0 ? (element.textContent ?? '') : '';
  return [{ tag, attributes: { ...ownAttributes(element), ...(styled ? styles(tag, style) : {}) }, children, text }];
}

function ownAttributes(element: Element): Record<string, string> {
  const kept = [...element.attributes].filter(({ name }) => !PAGE_ONLY.test(name) || isClipName(element, name));
  return Object.fromEntries(kept.map(({ name, value }) => [name, value]));
}

const isClipName = (element: Element, name: string): boolean => name === 'id' && element.tagName === 'clipPath';

function styles(tag: string, style: CSSStyleDeclaration): Record<string, string> {
  const isText = tag === 'text' || tag === 'tspan';
  const names = [...SHAPE_STYLES, ...(isText ? TEXT_STYLES : LINE_STYLES)];
  return Object.fromEntries(names.map((name) => [name, plainColor(style.getPropertyValue(name))]));
}
