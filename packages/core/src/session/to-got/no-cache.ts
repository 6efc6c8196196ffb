/** Stands where got has its own cache, in the instances that go through a session, so that `cache: false` can be told from nothing said. Used as a cache, it would keep nothing. */
export class NoCache extends Map<string, unknown> {
	override set(): this {
		return this;
	}
}
