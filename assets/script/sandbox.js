// What a script finds around it: the language, and nothing that gives another answer each time or
// makes code of text. Runs before any script; what it returns is for the engine alone.
(function (need, eventTime, chance) {
  'use strict';
  const { defineProperty, getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf, hasOwn } = Object;
  const { apply, construct } = Reflect;
  const { parse } = JSON;
  const hide = (object, name, value) => defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false });

  // No code from text.
  const refuse = function Function() {
    throw new TypeError('code cannot be made of text here');
  };
  defineProperty(refuse, 'prototype', { value: Function.prototype, writable: false });
  const kinds = [function () {}, function* () {}, async function () {}, async function* () {}];
  for (const kind of kinds) defineProperty(getPrototypeOf(kind), 'constructor', { value: refuse, writable: false, configurable: false });
  const gone = ['eval', 'Atomics', 'SharedArrayBuffer', 'WeakRef', 'FinalizationRegistry', 'performance', 'queueMicrotask', 'navigator'];
  for (const name of gone) delete globalThis[name];
  hide(globalThis, 'Function', refuse);

  // The time is that of the event, and chance depends on the event alone.
  hide(Math, 'random', function random() { return chance(); });

  // Dates know UTC only, so that a state does not depend on where it is made.
  const Real = Date, proto = Real.prototype, realParse = Real.parse;
  const { getTime, getTimezoneOffset, toUTCString } = proto;
  const offset = (time) => apply(getTimezoneOffset, new Real(time), []) * 60000;
  const saysZone = /(?:Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2})(?:\s*\(.*\))?\s*$/i;
  const isDate = /^\s*[+-]?\d{4,6}(?:-\d\d(?:-\d\d)?)?\s*$/;
  const { test } = RegExp.prototype;
  const parseTime = (text) => {
    const time = realParse(text);
    if (time !== time || apply(test, saysZone, [text]) || apply(test, isDate, [text])) return time;
    return time - offset(time);
  };
  const timeOf = (value) => {
    if (typeof value === 'object' && value !== null) {
      if (value instanceof Real) return apply(getTime, value, []);
      const inner = value.valueOf();
      value = typeof inner === 'object' ? `${value}` : inner;
    }
    return typeof value === 'string' ? parseTime(value) : +value;
  };
  const Pinned = function Date(...args) {
    if (new.target === undefined) return `${new Pinned()}`;
    const time = args.length === 0 ? eventTime() : args.length === 1 ? timeOf(args[0]) : apply(Real.UTC, Real, args);
    return construct(Real, [time], new.target);
  };
  defineProperty(Pinned, 'prototype', { value: proto, writable: false });
  defineProperty(Pinned, 'length', { value: 7 });
  hide(Pinned, 'now', function () { return eventTime(); });
  hide(Pinned, 'parse', function (text) { return parseTime(`${text}`); });
  hide(Pinned, 'UTC', Real.UTC);
  hide(proto, 'constructor', Pinned);
  hide(globalThis, 'Date', Pinned);
  for (const part of ['Date', 'Day', 'FullYear', 'Hours', 'Milliseconds', 'Minutes', 'Month', 'Seconds']) {
    hide(proto, 'get' + part, proto['getUTC' + part]);
    if (part !== 'Day') hide(proto, 'set' + part, proto['setUTC' + part]);
  }
  hide(proto, 'getYear', function () { return this.getUTCFullYear() - 1900; });
  hide(proto, 'getTimezoneOffset', function () { return apply(getTime, this, []) * 0; });
  // Sat, 21 Nov 2026 18:41:59 GMT
  const words = (date) => apply(toUTCString, date, []).split(' ');
  const day = (w) => `${w[0].slice(0, 3)} ${w[2]} ${w[1]} ${w[3]}`;
  const clock = (w) => `${w[4]} GMT+0000 (UTC)`;
  const spoken = (say) => function () {
    const w = words(this);
    return w.length < 5 ? 'Invalid Date' : say(w);
  };
  hide(proto, 'toString', spoken((w) => `${day(w)} ${clock(w)}`));
  hide(proto, 'toDateString', spoken(day));
  hide(proto, 'toTimeString', spoken(clock));
  for (const name of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']) {
    const real = proto[name];
    hide(proto, name, function (...args) {
      const time = apply(getTime, this, []);
      return apply(real, new Real(time + offset(time)), args);
    });
  }

  // What an event has only once it is looked at.
  const keep = (event, name, value) => {
    defineProperty(event, name, { value, enumerable: true });
    return value;
  };
  const body = (event, name, other) => keep(event, name, hasOwn(event, other) ? event[other]
    : event.isJson && event.bodyRaw !== null ? parse(event.bodyRaw) : undefined);
  const parsed = (raw) => (raw === null ? null : parse(raw));
  const full = {
    get body() { return body(this, 'body', 'data'); },
    get data() { return body(this, 'data', 'body'); },
    get metadata() { return keep(this, 'metadata', parsed(this.metadataRaw)); },
    get linkMetadata() { return keep(this, 'linkMetadata', parsed(this.linkMetadataRaw)); },
  };
  // An event of which only the payload was read.
  const lean = {
    get body() { return body(this, 'body', 'data'); },
    get data() { return body(this, 'data', 'body'); },
    get metadata() { return need(); },
    get metadataRaw() { return need(); },
    get eventId() { return need(); },
    get linkMetadata() { return keep(this, 'linkMetadata', null); },
  };
  // An event of which nothing was read.
  const bare = {
    get body() { return need(); },
    get data() { return need(); },
    get bodyRaw() { return need(); },
    get isJson() { return need(); },
    get metadata() { return need(); },
    get metadataRaw() { return need(); },
    get eventId() { return need(); },
    get linkMetadata() { return keep(this, 'linkMetadata', parsed(this.linkMetadataRaw)); },
  };
  for (const kind of [full, lean, bare]) {
    for (const name of getOwnPropertyNames(kind)) defineProperty(kind, name, { enumerable: false, configurable: false });
  }

  return {
    full,
    lean,
    bare,
    // All that an event can show, as it is kept in a state.
    show: (event) => [event.body, event.data, event.metadata, event.linkMetadata],
    hasAccessor: (object) => {
      for (const name of getOwnPropertyNames(object)) {
        const found = getOwnPropertyDescriptor(object, name);
        if (found !== undefined && (found.get !== undefined || found.set !== undefined)) return true;
      }
      return false;
    },
  };
})
