// What every script of a fix plan begins and ends with: keeping, changing, asking.

/** Functions that steps are made of. Each fails rather than guess. */
export const scriptStart = String.raw`fail() {
  printf 'fix-plan: %s\n' "$*" >&2
  return 1
}

kept=''
kept_files=0

# Everything that is changed is kept first, in a directory of this run.
keep_directory() {
  if [ -z "$kept" ]; then
    kept=$(mktemp -d "$root/var/tmp/gabion-fix.XXXXXXXX") || return 1
    printf '#!/usr/bin/env bash\nset -u\n' >"$kept/undo.sh"
    printf 'what is changed is kept in %s\n' "$kept"
  fi
}

# The last change is taken back first.
on_undo() {
  local line
  line=$(printf '%q ' "$@")
  {
    head -n 2 "$kept/undo.sh"
    printf '%s\n' "$line"
    tail -n +3 "$kept/undo.sh"
  } >"$kept/undo.new" && mv "$kept/undo.new" "$kept/undo.sh"
}

# write_file PATH MODE LINE...
write_file() {
  local path="$root$1" mode="$2" old
  shift 2
  keep_directory || return 1
  if [ -L "$path" ]; then
    fail "$path is a symbolic link: left alone"
    return 1
  elif [ -e "$path" ]; then
    old="$kept/old.$kept_files"
    kept_files=$((kept_files + 1))
    { cp -a -- "$path" "$old" && on_undo cp -a -- "$old" "$path"; } || return 1
  else
    { mkdir -p -- "$(dirname -- "$path")" && on_undo rm -f -- "$path"; } || return 1
  fi
  printf '%s\n' "$@" >"$path.gabion-new" && chmod -- "$mode" "$path.gabion-new" && mv -- "$path.gabion-new" "$path"
}

# For files that are there and no links, which may have changed since they were judged.
is_plain() {
  if [ -L "$1" ]; then
    fail "$1 is a symbolic link: left alone"
  elif [ ! -e "$1" ]; then
    fail "$1 is not there any more"
  fi
}

# set_mode MODE PATH...
set_mode() {
  local mode="$1" path
  shift
  keep_directory || return 1
  for path in "$@"; do
    path="$root$path"
    is_plain "$path" || return 1
    on_undo chmod -- "$(stat -c %a -- "$path")" "$path" || return 1
    chmod -- "$mode" "$path" || return 1
  done
}

# set_owner USER:GROUP PATH...
set_owner() {
  local owner="$1" path
  shift
  keep_directory || return 1
  for path in "$@"; do
    path="$root$path"
    is_plain "$path" || return 1
    on_undo chown -h -- "$(stat -c %u:%g -- "$path")" "$path" || return 1
    chown -h -- "$owner" "$path" || return 1
  done
}

# run COUNT UNDO-WORD... WORD...: programs act on the running host, so not on one that is mounted.
run() {
  local count="$1"
  shift
  if [ -n "$root" ]; then
    printf 'not run, since this is no running host: %s\n' "\${*:count+1}"
    return 0
  fi
  keep_directory || return 1
  "\${@:count+1}" || {
    fail "ended with an error: \${*:count+1}"
    return 1
  }
  if [ "$count" -gt 0 ]; then on_undo "\${@:1:count}"; fi
}
`.replaceAll('\\$', '$')

/** The command line, and the questions. */
export const scriptEnd = String.raw`list() {
  local id
  for id in "\${ids[@]}"; do about_of "$id"; done
  printf '\n%s\n' 'Nothing was changed. --show ID shows the steps, --apply ID does them.'
}

show() {
  local id
  for id in "$@"; do
    about_of "$id" || { fail "there is no fix $id"; return 1; }
    declare -f "fix_\${id//-/_}"
  done
}

# The plan was made for one host; its commands name that host's files.
check_host() {
  if [ -n "$machine_id" ] && [ "$(cat "$root/etc/machine-id")" != "$machine_id" ]; then
    fail 'this is not the host that was judged'
    return 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    fail 'only root may do this'
    return 1
  fi
}

confirmed() {
  local answer=''
  { printf 'Do this? [y/N] ' >/dev/tty && read -r answer </dev/tty; } 2>/dev/null ||
    fail 'there is nobody to ask; say --yes' || return 1
  [ "$answer" = y ] || [ "$answer" = Y ]
}

apply() {
  local id yes=no failed=0
  local -a chosen=()
  for id in "$@"; do
    case "$id" in
      --yes) yes=yes ;;
      --all) chosen+=("\${ids[@]}") ;;
      *) about_of "$id" >/dev/null || { fail "there is no fix $id"; return 2; }; chosen+=("$id") ;;
    esac
  done
  [ "\${#chosen[@]}" -gt 0 ] || { fail '--apply wants the ids of fixes, or --all'; return 2; }
  check_host || return 1
  for id in "\${chosen[@]}"; do
    about_of "$id"
    if [ "$yes" = no ] && ! confirmed; then
      printf 'left alone: %s\n' "$id"
    elif fix_of "$id"; then
      printf 'done: %s\n' "$id"
    else
      printf 'failed: %s\n' "$id"
      failed=1
    fi
  done
  if [ -n "$kept" ]; then printf 'to take it back: bash %q\n' "$kept/undo.sh"; fi
  return "$failed"
}

case "\${1:-}" in
  '') list ;;
  --show) shift; show "$@" ;;
  --apply) shift; apply "$@" ;;
  *) fail "unknown option $1; there are --show and --apply"; exit 2 ;;
esac
`.replaceAll('\\$', '$')
