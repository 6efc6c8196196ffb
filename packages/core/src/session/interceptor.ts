import {CachedSessionError} from '../errors.js';
import type {SessionRequest} from './session-request.js';
import type {SessionResponse} from './session-response.js';

/** Hands the request on: to the next interceptor, and after the last one to got. It may be called more than once. */
export type Next = (request: SessionRequest) => Promise<SessionResponse>;

/**
 * A method that every request passes through. `next` resolves for every status, and rejects only where there is no response at all.
 * What it returns may be a changed copy of what `next` gave.
 */
export type Interceptor = (request: SessionRequest, next: Next) => Promise<SessionResponse>;

type Method = (...parameters: never[]) => unknown;
type Mark = 'interceptor' | 'onClose';

const marked: Readonly<Record<Mark, WeakSet<object>>> = {interceptor: new WeakSet(), onClose: new WeakSet()};

/** What a decorated method leaves on its instance, so that a sibling that overwrites it in a mix does not go unnoticed, and the order of classes in a mixed subclass is not lost. */
interface Trace {
	readonly mark: Mark;
	readonly name: PropertyKey;
	readonly method: unknown;
	/** Of the instance, before the mix makes one level of all its classes. */
	readonly prototypes: readonly object[];
}

const traces = new WeakSet<object>();

/** What a mixin's subclass, itself mixed, has in place of a marked method: the mix keeps only this one. */
const overrides: Readonly<Record<Mark, WeakSet<object>>> = {interceptor: new WeakSet(), onClose: new WeakSet()};

/**
 * Marks a method as an interceptor. In TypeScript it is a decorator; in JavaScript, without decorators, call it with the method:
 *
 * ```js
 * class RateLimitMixin {
 *   static { interceptor(this.prototype.limitRate); }
 *   async limitRate(request, next) { … return next(request); }
 * }
 * ```
 *
 * Interceptors run in the order in which the classes are listed: a subclass's own first, then the mixins' from left to right, then got.
 * @returns the method itself
 */
export function interceptor<M extends (request: SessionRequest, next: Next) => Promise<SessionResponse>>(
	method: M,
	context?: ClassMethodDecoratorContext,
): M {
	return mark('interceptor', method, context);
}

/**
 * Marks a method to be called when the session closes, after the running requests have ended. A decorator in TypeScript, a plain call in JavaScript, like {@link interceptor}.
 * It may return a promise; `close()` waits for it.
 * @returns the method itself
 */
export function onClose<M extends () => unknown>(method: M, context?: ClassMethodDecoratorContext): M {
	return mark('onClose', method, context);
}

function mark<M extends Method>(kind: Mark, method: M, context: ClassMethodDecoratorContext | undefined): M {
	if (typeof method !== 'function') {
		throw new TypeError(`${kind}: got ${typeof method}; accepted: a method`);
	}
	marked[kind].add(method);
	if (context) {
		const place = Symbol(`${kind} ${String(context.name)}`);
		context.addInitializer(function (this: unknown) {
			// What this ingredient itself would call: an override below it in its own chain is no conflict.
			const called: unknown = Reflect.get(this as object, context.name);
			if (typeof called === 'function' && called !== method) {
				overrides[kind].add(called);
			}
			const prototypes = prototypeChain(this as object);
			const trace: Trace = {mark: kind, name: context.name, method: called, prototypes};
			traces.add(trace);
			// Configurable, as two classes of a mix may share a third.
			Object.defineProperty(this as object, place, {value: trace, configurable: true});
		});
	}
	return method;
}

const namesByClass = new WeakMap<object, Readonly<Record<Mark, readonly PropertyKey[]>>>();

/**
 * The names of the marked methods of an instance, in the order in which they run. Found once a class.
 * @throws CachedSessionError `ERR_INTERCEPTOR_CONFLICT` when a mixin's marked method is overwritten by a sibling's, or a marked function is no method
 */
export function markedMethods(instance: object, kind: Mark): readonly PropertyKey[] {
	const known = namesByClass.get(instance.constructor);
	if (known) {
		return known[kind];
	}
	const prototypes = prototypeChain(instance);
	const ownTraces = checkOwnProperties(instance, prototypes);
	const find = (mark: Mark) => ownTraces.reduceRight(restoreOrder(mark), findMarked(prototypes, mark));
	const names = {interceptor: find('interceptor'), onClose: find('onClose')};
	namesByClass.set(instance.constructor, names);
	return names[kind];
}

// ts-mixer lists a class after those that it extends; its own methods run before theirs. Innermost last: what a mix inside a mix says of its parts is the wrong order, too.
function restoreOrder(kind: Mark): (names: PropertyKey[], trace: Trace) => PropertyKey[] {
	return (names, {prototypes}) => {
		const ordered = findMarked(prototypes, kind).filter(name => names.includes(name));
		let next = 0;
		return names.map(name => (ordered.includes(name) ? ordered[next++]! : name));
	};
}

function prototypeChain(instance: object): object[] {
	const chain: object[] = [];
	for (let next: object | null = Object.getPrototypeOf(instance); next !== null; next = Object.getPrototypeOf(next)) {
		chain.push(next);
	}
	return chain;
}

function findMarked(prototypes: readonly object[], kind: Mark): PropertyKey[] {
	const isIn = (methods: WeakSet<object>, prototype: object, name: PropertyKey): boolean => {
		const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
		return typeof method === 'function' && methods.has(method);
	};
	const names = new Set<PropertyKey>();
	for (const prototype of prototypes) {
		for (const name of Reflect.ownKeys(prototype)) {
			// An override runs in the place of the method that it overrides, where that one is still there.
			const standsIn = () =>
				isIn(overrides[kind], prototype, name) && !prototypes.some(other => isIn(marked[kind], other, name));
			if (isIn(marked[kind], prototype, name) || standsIn()) {
				names.add(name);
			}
		}
	}
	return [...names];
}

function checkOwnProperties(instance: object, prototypes: readonly object[]): Trace[] {
	const found: Trace[] = [];
	for (const name of Reflect.ownKeys(instance)) {
		const value: unknown = Object.getOwnPropertyDescriptor(instance, name)?.value;
		if (typeof value === 'function' && (marked.interceptor.has(value) || marked.onClose.has(value))) {
			throw conflict(`'${String(name)}' is marked, but is a class field; only methods survive a mix: make it a method`);
		}
		if (typeof value === 'object' && value !== null && traces.has(value)) {
			const trace = value as Trace;
			const survives = prototypes.some(
				prototype => Object.getOwnPropertyDescriptor(prototype, trace.name)?.value === trace.method,
			);
			if (!survives) {
				throw conflict(
					`the ${trace.mark} '${String(trace.name)}' of one mixin is overwritten by a method of the same name in another; rename one of them`,
				);
			}
			found.push(trace);
		}
	}
	return found;
}

function conflict(message: string): CachedSessionError {
	return new CachedSessionError('ERR_INTERCEPTOR_CONFLICT', message);
}
