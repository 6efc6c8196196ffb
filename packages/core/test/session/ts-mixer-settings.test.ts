import {expect, it} from '@jest/globals';
import {settings} from 'ts-mixer';

it("leaves ts-mixer's settings, which are its user's, as they are", async () => {
	const before = {...settings};
	const {CachedSession, ClientSession} = await import('../../src/index.js');
	expect(settings).toEqual(before);
	await new CachedSession().close();
	await new ClientSession().extend().close();
	expect(settings).toEqual(before);
	expect(before).toEqual({
		initFunction: null,
		staticsStrategy: 'copy',
		prototypeStrategy: 'copy',
		decoratorInheritance: 'deep',
	});
});
