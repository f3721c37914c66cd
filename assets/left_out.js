// Stands in for packages that Reflex's front end names and Cairn does not use (see rxconfig.py): no state of ours is kept in
// a cookie that scripts can read, and no component takes its props from another one.
export default class Cookies {
  get() {}
  set() {}
  remove() {}
}

export const mergician = (...objects) => Object.assign({}, ...objects);
