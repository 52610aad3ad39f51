// Reads the schemas of the description.

/** The schema that a reference names. @param {any} description @param {any} schema @returns {any} */
export function resolved(description, schema) {
  const name = schema?.$ref?.split("/").pop();
  return name ? description.components.schemas[name] : (schema ?? {});
}

/**
 * The members of an object: name, type and meaning of each.
 * @param {any} description @param {any} schema @returns {string[][]}
 */
export function members(description, schema) {
  const object = resolved(description, schema);
  const either = object.oneOf ?? object.anyOf;
  if (either) return either.flatMap((/** @type {any} */ one) => members(description, one));
  return Object.entries(object.properties ?? {}).map(([name, value]) =>
    [name, kind(description, value), value.description ?? resolved(description, value).description ?? ""]);
}

/** A type in a few words. @param {any} description @param {any} schema @returns {string} */
export function kind(description, schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return either.map((/** @type {any} */ one) => kind(description, one)).join(" or ");
  const types = [schema.type ?? "any value"].flat().join(" or ");
  return schema.items ? `${types} of ${kind(description, schema.items)}` : types;
}

/** An example of a value. @param {any} description @param {any} schema @returns {any} */
export function example(description, schema) {
  const value = resolved(description, schema);
  if (value.oneOf) return example(description, value.oneOf[0]);
  if (value.properties) {
    return Object.fromEntries(Object.entries(value.properties).map(([name, one]) => [name, example(description, one)]));
  }
  if (value.type === "array") return [];
  return value.type === "integer" || value.type === "number" ? (value.minimum ?? 1) : "";
}
