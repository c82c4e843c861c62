// Writes each roster with SheetJS: node sheetjs.js FOLDER_OF_SHEETJS CASE.tsv… makes CASE.sheetjs.xlsx
// and its like. A field is as in RosterWriters.java; days are dates at the local midnight, as
// programs in JavaScript have them.
"use strict";
const fs = require("fs");
const path = require("path");
const XLSX = require(path.resolve(process.argv[2], "xlsx.js"));

const WRITTEN = {
  "xlsx": {},
  "days.xlsx": {bookType: "xlsx", cellDates: true, bookSST: true},
  "xlsb": {},
  "xls": {bookType: "biff8"},
  "excel95.xls": {bookType: "biff5"},
  "ods": {},
  "fods": {},
  "html": {},
  "csv": {},
  "xml": {bookType: "xlml"},
};

function cell(field) {
  const value = field.slice(2);
  switch (field[0]) {
    case "d": return {t: "d", v: new Date(`${value}T00:00:00`), z: "dd.mm.yyyy"};
    case "n": return {t: "n", v: Number(value)};
    default: return {t: "s", v: value};
  }
}

for (const given of process.argv.slice(3)) {
  const rows = fs.readFileSync(given, "utf8").split("\n").slice(0, -1).map(line => line.split("\t"));
  const end = {r: rows.length - 1, c: Math.max(...rows.map(row => row.length)) - 1};
  const sheet = {"!ref": XLSX.utils.encode_range({s: {r: 0, c: 0}, e: end})};
  rows.forEach((row, r) => row.forEach((field, c) => {
    if (field) sheet[XLSX.utils.encode_cell({r, c})] = cell(field);
  }));
  const book = {SheetNames: ["Liste"], Sheets: {Liste: sheet}};
  for (const [ending, options] of Object.entries(WRITTEN)) {
    const all = {type: "buffer", bookType: ending, compression: true, ...options};
    fs.writeFileSync(given.replace(/tsv$/, `sheetjs.${ending}`), XLSX.write(book, all));
  }
}
