/** Puts a list's items in order. The one that holds the focus stays in place and the others move around it: moving it would lose the focus. */
export function arrange(list, wanted) {
  if (wanted.every((item, i) => list.children[i] === item)) {
    return;
  }

  const fixed = wanted.findIndex(item => item.contains(document.activeElement));
  wanted.forEach((item, i) => {
    if (i < fixed) {
      list.insertBefore(item, wanted[fixed]);
    } else if (i > fixed) {
      list.append(item);
    }
  });
}
