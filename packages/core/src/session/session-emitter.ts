import {EventEmitter} from 'node:events';
import type {SessionEvents} from './session-events.js';

type EventName = keyof SessionEvents;

/**
 * As much of Node's EventEmitter as a session needs. It has one, and is none: ts-mixer copies the members of every ancestor that two ingredients do not share,
 * and those of Node's own classes cannot all be copied.
 */
export class SessionEmitter {
	/** @internal */
	readonly emitter = new EventEmitter<SessionEvents>();

	/** Calls `listener` whenever the event happens. */
	on<E extends EventName>(event: E, listener: (...args: SessionEvents[E]) => void): this {
		this.emitter.on<EventName>(event, listener);
		return this;
	}

	/** Calls `listener` the next time that the event happens. */
	once<E extends EventName>(event: E, listener: (...args: SessionEvents[E]) => void): this {
		this.emitter.once<EventName>(event, listener);
		return this;
	}

	/** Takes a listener away. */
	off<E extends EventName>(event: E, listener: (...args: SessionEvents[E]) => void): this {
		this.emitter.off<EventName>(event, listener);
		return this;
	}

	/** {@link on}, under the name that `node:events` also uses. */
	addListener<E extends EventName>(event: E, listener: (...args: SessionEvents[E]) => void): this {
		return this.on(event, listener);
	}

	/** {@link off}, under the name that `node:events` also uses. */
	removeListener<E extends EventName>(event: E, listener: (...args: SessionEvents[E]) => void): this {
		return this.off(event, listener);
	}

	/** Calls the listeners. @returns whether there was one */
	emit<E extends EventName>(event: E, ...args: SessionEvents[E]): boolean {
		return (this.emitter as EventEmitter).emit(event, ...args);
	}

	/** How many listeners an event has. */
	listenerCount(event: EventName): number {
		return this.emitter.listenerCount(event);
	}
}
