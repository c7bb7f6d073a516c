#!/bin/sh
# The linker of the smallest build: wasm-ld, but for the exports of classes with which a dependency of Leptos
# hands streams to JavaScript. No page of ours makes one, and what is exported is kept with all that it needs.
left=$#
while [ "$left" -gt 0 ]; do
  argument=$1 left=$((left - 1))
  shift
  if [ "$argument" = --export ]; then
    name=$1 left=$((left - 1))
    shift
    case $name in
      *intounderlying*) ;;
      *) set -- "$@" --export "$name" ;;
    esac
  else
    set -- "$@" "$argument"
  fi
done
# rustc puts its own in the path.
exec rust-lld "$@"
