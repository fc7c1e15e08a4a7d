#!/usr/bin/env node
// A query engine for Prisma's Python client, as LiteLLM starts it: GraphQL over HTTP on
// 127.0.0.1. The engine is Prisma's own, compiled to WebAssembly, which npm carries;
// the native one is only on a host that a closed network does not reach. The former
// speaks Prisma's JSON protocol, so queries and answers are translated.
//
//   engine.mjs --version
//   engine.mjs -p PORT ...        with PRISMA_DML_PATH and DATABASE_URL set
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { parse } from 'graphql';
import pg from 'pg';
import Result from 'pg/lib/result.js';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindAdapter } from '@prisma/driver-adapter-utils';

const require = createRequire(import.meta.url);
const runtime = '@prisma/client/runtime/query_engine_bg.postgresql';
const largestBody = 64 << 20; // bytes

if (process.argv.includes('--version')) {
	console.log(`query-engine ${require('@prisma/engines-version').enginesVersion}`);
	process.exit(0);
}

// The adapter does not know some types of the catalogue: name, name[] and void. They are
// read as text and text[]. The numbers are PostgreSQL's OIDs.
const readAs = new Map([[19, 25], [1003, 1009], [2278, 25]]);
const addFields = Result.prototype.addFields;
Result.prototype.addFields = function (descriptions) {
	for (const d of descriptions) d.dataTypeID = readAs.get(d.dataTypeID) ?? d.dataTypeID;
	addFields.call(this, descriptions);
};

// The fields of each model of the schema, by the model's name: each field's type by its name.
function fieldsOf(schema) {
	const models = {};
	for (const [, name, text] of schema.matchAll(/^model\s+(\w+)\s*\{([^]*?)^\}/gm)) {
		models[name] = Object.fromEntries([...text.matchAll(/^\s*(\w+)\s+(\w+)/gm)].map((m) => [m[1], m[2]]));
	}
	return models;
}

async function newEngine() {
	const glue = require(`${runtime}.js`);
	const wasm = readFileSync(require.resolve(`${runtime}.wasm`));
	const { instance } = await WebAssembly.instantiate(wasm, { './query_engine_bg.js': glue });
	glue.__wbg_set_wasm(instance.exports);
	instance.exports.__wbindgen_start?.();
	const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
	const engine = new glue.QueryEngine(
		{ datamodel: schema, logLevel: 'error', logQueries: false, engineProtocol: 'json' },
		(line) => console.error(line),
		bindAdapter(new PrismaPg(pool)),
	);
	await engine.connect('{}');
	return engine;
}

// The actions of the JSON protocol, and how a GraphQL field names them.
const actions = ['findUnique', 'findFirst', 'findMany', 'createOne', 'createMany', 'updateOne', 'updateMany',
	'deleteOne', 'deleteMany', 'upsertOne', 'aggregate', 'groupBy'];

function action(field) {
	if (field === 'queryRaw' || field === 'executeRaw') return { action: field };
	const prefix = actions.find((a) => field.startsWith(a));
	if (!prefix) throw new Error(`no action is named ${field}`);
	const modelName = field.slice(prefix.length);
	if (!modelName.endsWith('OrThrow')) return { action: prefix, modelName };
	return { action: prefix + 'OrThrow', modelName: modelName.slice(0, -'OrThrow'.length) };
}

function value(node) {
	switch (node.kind) {
		case 'NullValue': return null;
		case 'BooleanValue': case 'StringValue': case 'EnumValue': return node.value;
		case 'IntValue': {
			const n = Number(node.value);
			return Number.isSafeInteger(n) ? n : { $type: 'BigInt', value: node.value };
		}
		case 'FloatValue': return Number(node.value);
		case 'ListValue': return node.values.map(value);
		case 'ObjectValue': return args(node.fields);
	}
	throw new Error(`a query has a ${node.kind}`);
}

const args = (nodes) => Object.fromEntries((nodes ?? []).map((n) => [n.name.value, value(n.value)]));

function fields(set) {
	const selection = {};
	for (const f of set?.selections ?? []) {
		const deep = f.selectionSet || f.arguments?.length;
		selection[f.name.value] = deep ? { arguments: args(f.arguments), selection: fields(f.selectionSet) } : true;
	}
	return selection;
}

// In GraphQL a value of type Json is a string, in the other protocol an object that says
// so. A key that is no field of the model is an operator, such as `create` or `some`.
function json(model, v) {
	if (Array.isArray(v)) return v.map((x) => json(model, x));
	if (v === null || typeof v !== 'object' || v.$type) return v;
	return Object.fromEntries(Object.entries(v).map(([key, x]) => {
		const type = models[model]?.[key];
		return [key, type === 'Json' ? tagged(x) : json(models[type] ? type : model, x)];
	}));
}

function tagged(v) {
	if (typeof v === 'string') return ['DbNull', 'JsonNull', 'AnyNull'].includes(v) ? v : { $type: 'Json', value: v };
	if (Array.isArray(v)) return v.map(tagged);
	if (v === null || typeof v !== 'object') return v;
	const words = ['path', 'mode', 'string_contains', 'string_starts_with', 'string_ends_with', 'sort', 'nulls'];
	return Object.fromEntries(Object.entries(v).map(([key, x]) => [key, words.includes(key) ? x : tagged(x)]));
}

// A document of the Python client has one field, and calls it `result`.
function translate(text) {
	const root = parse(text).definitions[0].selectionSet.selections[0];
	const what = action(root.name.value);
	return { ...what, query: { arguments: json(what.modelName, args(root.arguments)), selection: fields(root.selectionSet) } };
}

// In GraphQL an answer's values have no types beside them.
function plain(v) {
	if (Array.isArray(v)) return v.map(plain);
	if (v === null || typeof v !== 'object') return v;
	if ('$type' in v && 'value' in v) return v.$type === 'Raw' ? v.value : plain(v.value);
	return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x)]));
}

// The Python client 0.11 knows the rows of a raw query only as they were in Prisma 5.4: a
// type beside each value.
const typed = (type, v) => v === null ? { prisma__type: 'null', prisma__value: null }
	: type.endsWith('-array') ? { prisma__type: 'array', prisma__value: v.map((x) => typed(type.slice(0, -'-array'.length), x)) }
	: { prisma__type: type, prisma__value: v };

const raw = ({ columns, types, rows }) => rows.map((row) => Object.fromEntries(row.map((v, i) => [columns[i], typed(types[i], v)])));

function answer(one) {
	if (!one.data) return one;
	const [[action, result]] = Object.entries(one.data);
	return { ...one, data: { result: action === 'queryRaw' ? raw(result) : plain(result) } };
}

async function query(engine, body, tx) {
	const asked = JSON.parse(body);
	const sent = asked.batch
		? { batch: asked.batch.map((b) => translate(b.query)), transaction: asked.transaction ? {} : undefined }
		: translate(asked.query);
	const got = JSON.parse(await engine.query(JSON.stringify(sent), '{}', tx));
	return got.batchResult ? { ...got, batchResult: got.batchResult.map(answer) } : answer(got);
}

async function route(engine, method, path, body, tx) {
	if (path === '/status') return { status: 'ok' };
	if (path === '/transaction/start') return JSON.parse(await engine.startTransaction(body, '{}'));
	const end = path.match(/^\/transaction\/([^/]+)\/(commit|rollback)$/);
	if (end) return JSON.parse(await engine[`${end[2]}Transaction`](end[1], '{}'));
	if (path.startsWith('/metrics')) return { counters: [], gauges: [], histograms: [] };
	if (method === 'POST' && path === '/') return query(engine, body, tx);
	return undefined;
}

const said = (error) => ({ errors: [{ error: String(error), user_facing_error: { is_panic: false, message: String(error), backtrace: null } }] });

async function serve(engine, request, response) {
	let status = 200, got;
	try {
		let body = '';
		request.setEncoding('utf8');
		for await (const part of request) {
			body += part;
			if (body.length > largestBody) throw new Error('the query is too large');
		}
		got = await route(engine, request.method, request.url, body, request.headers['x-transaction-id']);
		if (got === undefined) [status, got] = [404, said(`no route ${request.url}`)];
		// A transaction that cannot start or end is told with its code.
		if (got.error_code) [status, got] = [422, got];
	} catch (error) {
		console.error(error);
		got = said(error);
	}
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(got));
}

const port = Number(process.argv[process.argv.indexOf('-p') + 1]);
if (!port) {
	console.error('engine: -p PORT is missing');
	process.exit(2);
}
const schema = readFileSync(process.env.PRISMA_DML_PATH, 'utf8');
const models = fieldsOf(schema);
const engine = await newEngine();
const server = createServer((request, response) => serve(engine, request, response));
// The client asks `localhost`, which may be either address.
server.keepAliveTimeout = 0;
server.listen(port, 'localhost');
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
