// What a menu offers: groups of {value, label, text?, description?}, by the kind of menu.
import { plain } from "./words.js";

export const isMany = (type) => type.startsWith("multi_");
export const isExternal = (type) => type.endsWith("external_select");

// Groups from an element, or from what the app suggested.
export function grouped({ options, option_groups: groups }) {
  if (groups) return groups.map((group) => ({ label: plain(group.label), options: group.options.map(readable) }));
  return [{ label: "", options: (options ?? []).map(readable) }];
}

function readable(option) {
  return { value: option.value, label: plain(option.text), text: option.text, description: option.description };
}

export function offered(element, viewer) {
  const type = element.type.replace("multi_", "");
  if (type === "users_select") return [{ label: "", options: Object.values(viewer.people).map(person) }];
  if (type === "channels_select") return [{ label: "", options: channels(viewer).filter(isPublic).map(place) }];
  if (type === "conversations_select") {
    const passes = filter(element.filter ?? {});
    return [{ label: "", options: channels(viewer).filter(passes).map(place) }];
  }
  return grouped(element);
}

// The options that an element begins with, which the app need not suggest again.
export function begun(element) {
  const first = element.initial_option ? [element.initial_option] : [];
  return [...first, ...(element.initial_options ?? [])].map(readable);
}

function channels(viewer) {
  return Object.values(viewer.channels).filter((channel) => !channel.is_archived);
}

const isPublic = (channel) => !channel.is_im && !channel.is_private;

function person({ id, name }) {
  return { value: id, label: name };
}

function place({ id, name, is_im: isIm, is_private: isPrivate }) {
  const sign = { true: "@" }[isIm] ?? (isPrivate ? "🔒 " : "#");
  return { value: id, label: `${sign}${name}` };
}

function filter({ include, exclude_external_shared_channels: noShared, exclude_bot_users: noApps }) {
  return (channel) => {
    if ((noShared && channel.is_shared) || (noApps && channel.is_im)) return false;
    const kind = { true: "im" }[channel.is_im] ?? (channel.is_private ? "private" : "public");
    return !include || include.includes(kind);
  };
}

// The groups with only those options that hold the words.
export function matching(groups, query) {
  const words = query.trim().toLowerCase();
  return groups
    .map(({ label, options }) => ({ label, options: options.filter((option) => option.label.toLowerCase().includes(words)) }))
    .filter(({ options }) => options.length);
}
