import type {Plan} from '../policy/plan.js';
import type {Verdict} from '../policy/verdict.js';

/** What a cache decided about a request, and about the answer of the network where there was one. */
export interface Decision {
	readonly plan: Plan;
	/** Missing where no answer was judged. */
	readonly verdict?: Verdict | undefined;
	/** The status that the network gave. */
	readonly forwardStatus?: number | undefined;
	/** Whether something is stored for the URL, but for requests with other fields. */
	readonly hasOtherVariants?: boolean;
	/** Whether the answer is that to another request, which was under way. */
	readonly isShared?: boolean;
}
