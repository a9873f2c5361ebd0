// The words with which a script says what it is about. They stand while the script is read, and
// write down a definition; afterwards they are taken away again.
(function (natives, tools) {
  'use strict';
  const { getOwnPropertyNames, hasOwn } = Object;
  const { apply } = Reflect;
  const { isArray } = Array;
  const { test } = RegExp.prototype;
  const shown = Function.prototype.toString;
  const isNative = /\{\s*\[native code\]\s*\}\s*$/;
  const definition = {
    allStreams: false, streams: [], categories: [], allEvents: false, events: [], byStreams: false,
    byCustomPartitions: false, biState: false, definesFold: false, definesStateTransform: false,
    producesResults: false, handlesDeletedNotifications: false, includeLinks: false, reorderEvents: false,
    processingLag: null, resultStreamName: null, partitionResultStreamNamePattern: null,
  };
  const handlers = { init: undefined, initShared: undefined, any: undefined, created: undefined, deleted: undefined, partitionBy: undefined, named: [], transforms: [] };

  // Functions that the script itself wrote; neither bound nor built in.
  const isOwn = (f) => typeof f === 'function' && !apply(test, isNative, [apply(shown, f, [])]);
  const own = (f, name) => {
    if (!isOwn(f)) throw new TypeError(name);
    return f;
  };
  const text = (value, name) => {
    if (typeof value !== 'string') throw new TypeError(name);
    return value;
  };
  const texts = (args, name) => (args.length === 1 && isArray(args[0]) ? args[0] : args).map((value) => text(value, name));

  const on = (name, f) => {
    switch (name) {
      case '$init': handlers.init = f; return;
      case '$initShared': handlers.initShared = f; definition.biState = true; return;
      case '$any': handlers.any = f; definition.allEvents = true; return;
      case '$created': handlers.created = f; return;
      case '$deleted':
        if (definition.biState) throw new Error('Cannot handle deletes in bi-state projections');
        handlers.deleted = f;
        definition.handlesDeletedNotifications = true;
        return;
    }
    if (definition.events.includes(name)) throw new Error(`An item with the same key has already been added. Key: ${name}`);
    handlers.named.push([name, f]);
    definition.events.push(name);
    definition.allEvents = false;
  };

  // What a step does not offer is no function there, and says its name.
  const missing = {};
  for (const name of ['when', 'partitionBy', 'foreachStream', 'outputState', 'outputTo', 'transformBy', 'filterBy', '$defines_state_transform']) {
    missing[name] = () => { throw new TypeError(`${name} is not a function here`); };
  }
  const chain = Object.create(missing);
  const offer = (...names) => {
    for (const name of getOwnPropertyNames(chain)) delete chain[name];
    for (const name of names) chain[name] = methods[name];
    return chain;
  };
  const transform = (kind, f) => {
    handlers.transforms.push([kind, own(f, kind)]);
    definition.definesStateTransform = true;
    definition.producesResults = true;
    return offer('transformBy', 'filterBy', 'outputState', 'outputTo');
  };
  const methods = {
    foreachStream() {
      definition.byStreams = true;
      return offer('when');
    },
    partitionBy(f) {
      handlers.partitionBy = own(f, 'partitionBy');
      definition.byCustomPartitions = true;
      return offer('when');
    },
    when(given) {
      definition.definesFold = true;
      if (given !== null && typeof given === 'object') {
        for (const name of getOwnPropertyNames(given)) if (isOwn(given[name])) on(name, given[name]);
      }
      return offer('transformBy', 'filterBy', 'outputState', 'outputTo', '$defines_state_transform');
    },
    $defines_state_transform() {
      definition.definesStateTransform = true;
      definition.producesResults = true;
      return chain;
    },
    outputState() {
      definition.producesResults = true;
      return offer('transformBy', 'filterBy', 'outputTo');
    },
    transformBy(f) { return transform('transformBy', f); },
    filterBy(f) { return transform('filterBy', f); },
    outputTo(stream, pattern) {
      definition.resultStreamName = text(stream, 'resultStream');
      if (pattern !== undefined) definition.partitionResultStreamNamePattern = text(pattern, 'partitionResultStreamPattern');
      return offer();
    },
  };

  const setters = {
    $includelinks: ['includeLinks', 'boolean'],
    reorderevents: ['reorderEvents', 'boolean'],
    processinglag: ['processingLag', 'number'],
    resultstreamname: ['resultStreamName', 'string'],
    bistate: ['biState', 'boolean'],
  };
  const streams = (names) => {
    for (const name of names) if (!definition.streams.includes(name)) definition.streams.push(name);
    return offer('when', 'partitionBy', 'outputState');
  };
  const categories = function (...args) {
    if (args.length === 0) return offer();
    if (args.length === 1 && !isArray(args[0])) {
      definition.categories.push(text(args[0], 'category'));
      return offer('when', 'partitionBy', 'foreachStream', 'outputState');
    }
    streams(texts(args, 'categories').map((name) => `$ce-${name}`));
    return offer('when', 'partitionBy', 'foreachStream', 'outputState');
  };
  const reading = {
    options(given) {
      if (given === null || typeof given !== 'object') throw new TypeError('Invalid value');
      for (const name of getOwnPropertyNames(given)) {
        const known = name.toLowerCase();
        if (!hasOwn(setters, known)) throw new Error(`Unrecognized option: ${name}`);
        const [field, type] = setters[known];
        const value = given[name];
        if (typeof value !== type) throw new TypeError('Invalid value');
        definition[field] = type === 'number' ? Math.trunc(value) : value;
      }
    },
    fromAll() {
      definition.allStreams = true;
      return offer('when', 'partitionBy', 'foreachStream', 'outputState');
    },
    fromStream(name) { return streams([text(name, 'stream')]); },
    fromStreams(...args) { return streams(texts(args, 'streams')); },
    fromCategory: categories,
    fromCategories: categories,
    on_event(name, f) { on(text(name, 'eventName'), own(f, 'handler')); },
    on_any(f) { on('$any', own(f, 'handler')); },
  };
  const put = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  for (const name of getOwnPropertyNames(reading)) put(name, reading[name]);
  const sends = {
    log: (...args) => natives.log(tools, ...args),
    emit: (...args) => natives.emit(tools, ...args),
    linkTo: (...args) => natives.linkTo(tools, ...args),
    linkStreamTo: (...args) => natives.linkStreamTo(tools, ...args),
    copyTo: () => undefined,
  };
  put('log', sends.log);

  return {
    // The script was read: what it said, and what stands there from now on.
    close: () => {
      for (const name of getOwnPropertyNames(reading)) {
        if (globalThis[name] === reading[name]) delete globalThis[name];
      }
      for (const name of ['emit', 'linkTo', 'linkStreamTo', 'copyTo']) put(name, sends[name]);
      if (handlers.named.length === 0) definition.allEvents = true;
    },
    definition: () => JSON.stringify(definition),
    handlers,
    // Where functions stand in the script.
    lineOf: (f) => f.lineNumber,
    // Their text, which tells what they look at.
    sourceOf: (f) => apply(shown, f, []),
  };
})
