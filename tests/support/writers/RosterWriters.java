import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.text.SimpleDateFormat;
import java.util.*;

/**
 * Writes each roster with every Java writer of workbooks, in one process: for CASE.tsv the files
 * CASE.poi.xls, CASE.poi.xlsx, CASE.sxssf.xlsx, CASE.jxl.xls, CASE.fastexcel.xlsx, CASE.jasper.xls,
 * CASE.jasper.xlsx, CASE.jasper.ods, CASE.jasper.csv and CASE.jasper.html.
 * A field is "s:text", "n:number", "d:2027-06-30" or empty.
 */
public class RosterWriters {
    interface Writer { void write(List<String[]> rows, File to) throws Exception; }

    public static void main(String[] args) throws Exception {
        Map<String, Writer> writers = new LinkedHashMap<>();
        writers.put("poi.xls", (rows, to) -> poi(new org.apache.poi.hssf.usermodel.HSSFWorkbook(), rows, to));
        writers.put("poi.xlsx", (rows, to) -> poi(new org.apache.poi.xssf.usermodel.XSSFWorkbook(), rows, to));
        writers.put("sxssf.xlsx", (rows, to) -> poi(new org.apache.poi.xssf.streaming.SXSSFWorkbook(), rows, to));
        writers.put("jxl.xls", RosterWriters::jxl);
        writers.put("fastexcel.xlsx", RosterWriters::fastexcel);
        for (String kind : new String[] {"xls", "xlsx", "ods", "csv", "html"})
            writers.put("jasper." + kind, (rows, to) -> jasper(kind, rows, to));
        for (String name : args) {
            List<String[]> rows = new ArrayList<>();
            for (String line : Files.readAllLines(Path.of(name), StandardCharsets.UTF_8))
                rows.add(line.split("\t", -1));
            String base = name.replaceFirst("\\.tsv$", "");
            for (Map.Entry<String, Writer> one : writers.entrySet())
                one.getValue().write(rows, new File(base + "." + one.getKey()));
        }
    }

    static Date day(String text) throws Exception {
        return new SimpleDateFormat("yyyy-MM-dd").parse(text);
    }

    static void poi(org.apache.poi.ss.usermodel.Workbook book, List<String[]> rows, File to) throws Exception {
        var sheet = book.createSheet("Liste");
        var style = book.createCellStyle();
        style.setDataFormat(book.createDataFormat().getFormat("dd.mm.yyyy"));
        for (int r = 0; r < rows.size(); r++) {
            var row = sheet.createRow(r);
            String[] fields = rows.get(r);
            for (int c = 0; c < fields.length; c++) {
                if (fields[c].isEmpty()) continue;
                String value = fields[c].substring(2);
                var cell = row.createCell(c);
                switch (fields[c].charAt(0)) {
                    case 'n': cell.setCellValue(Double.parseDouble(value)); break;
                    case 'd': cell.setCellValue(day(value)); cell.setCellStyle(style); break;
                    default: cell.setCellValue(value);
                }
            }
        }
        try (var out = new FileOutputStream(to)) { book.write(out); }
        book.close();
    }

    static void jxl(List<String[]> rows, File to) throws Exception {
        var book = jxl.Workbook.createWorkbook(to);
        var sheet = book.createSheet("Liste", 0);
        var format = new jxl.write.DateFormat("dd.MM.yyyy");
        for (int r = 0; r < rows.size(); r++) {
            String[] fields = rows.get(r);
            for (int c = 0; c < fields.length; c++) {
                if (fields[c].isEmpty()) continue;
                String value = fields[c].substring(2);
                switch (fields[c].charAt(0)) {
                    case 'n': sheet.addCell(new jxl.write.Number(c, r, Double.parseDouble(value))); break;
                    case 'd':
                        var utc = new SimpleDateFormat("yyyy-MM-dd");
                        utc.setTimeZone(TimeZone.getTimeZone("UTC"));
                        sheet.addCell(new jxl.write.DateTime(c, r, utc.parse(value),
                            new jxl.write.WritableCellFormat(format), jxl.write.DateTime.GMT));
                        break;
                    default: sheet.addCell(new jxl.write.Label(c, r, value));
                }
            }
        }
        book.write();
        book.close();
    }

    static void fastexcel(List<String[]> rows, File to) throws Exception {
        try (var out = new FileOutputStream(to)) {
            var book = new org.dhatim.fastexcel.Workbook(out, "Report", "1.0");
            var sheet = book.newWorksheet("Liste");
            for (int r = 0; r < rows.size(); r++) {
                String[] fields = rows.get(r);
                for (int c = 0; c < fields.length; c++) {
                    if (fields[c].isEmpty()) continue;
                    String value = fields[c].substring(2);
                    switch (fields[c].charAt(0)) {
                        case 'n': sheet.value(r, c, Double.parseDouble(value)); break;
                        case 'd':
                            sheet.value(r, c, java.time.LocalDate.parse(value));
                            sheet.style(r, c).format("dd.mm.yyyy").set();
                            break;
                        default: sheet.value(r, c, value);
                    }
                }
            }
            book.finish();
        }
    }

    /** A report whose detail band has a text field a column, as report servers make them: all is text. */
    static void jasper(String kind, List<String[]> rows, File to) throws Exception {
        var design = new net.sf.jasperreports.engine.design.JasperDesign();
        int columns = rows.get(0).length, width = 240;
        design.setName("Liste");
        design.setPageWidth(columns * width + 40);
        design.setPageHeight(400);
        design.setColumnWidth(columns * width);
        design.setLeftMargin(20); design.setRightMargin(20); design.setTopMargin(10); design.setBottomMargin(10);
        var header = new net.sf.jasperreports.engine.design.JRDesignBand();
        var detail = new net.sf.jasperreports.engine.design.JRDesignBand();
        header.setHeight(20); detail.setHeight(20);
        for (int c = 0; c < columns; c++) {
            var field = new net.sf.jasperreports.engine.design.JRDesignField();
            field.setName("f" + c); field.setValueClass(String.class);
            design.addField(field);
            var label = new net.sf.jasperreports.engine.design.JRDesignStaticText();
            label.setX(c * width); label.setY(0); label.setWidth(width); label.setHeight(20);
            label.setText(shown(rows.get(0)[c]));
            header.addElement(label);
            var text = new net.sf.jasperreports.engine.design.JRDesignTextField();
            text.setX(c * width); text.setY(0); text.setWidth(width); text.setHeight(20);
            text.setExpression(new net.sf.jasperreports.engine.design.JRDesignExpression("$F{f" + c + "}"));
            text.setBlankWhenNull(true);
            detail.addElement(text);
        }
        design.setColumnHeader(header);
        ((net.sf.jasperreports.engine.design.JRDesignSection) design.getDetailSection()).addBand(detail);
        List<Map<String, ?>> data = new ArrayList<>();
        for (String[] fields : rows.subList(1, rows.size())) {
            Map<String, Object> one = new HashMap<>();
            for (int c = 0; c < columns; c++) one.put("f" + c, shown(fields[c]));
            data.add(one);
        }
        var print = net.sf.jasperreports.engine.JasperFillManager.fillReport(
            net.sf.jasperreports.engine.JasperCompileManager.compileReport(design), new HashMap<>(),
            new net.sf.jasperreports.engine.data.JRMapCollectionDataSource(data));
        var input = new net.sf.jasperreports.export.SimpleExporterInput(print);
        switch (kind) {
            case "xls": {
                var out = new net.sf.jasperreports.engine.export.JRXlsExporter();
                out.setExporterInput(input);
                out.setExporterOutput(new net.sf.jasperreports.export.SimpleOutputStreamExporterOutput(to));
                out.exportReport();
                break;
            }
            case "xlsx": {
                var out = new net.sf.jasperreports.engine.export.ooxml.JRXlsxExporter();
                out.setExporterInput(input);
                out.setExporterOutput(new net.sf.jasperreports.export.SimpleOutputStreamExporterOutput(to));
                out.exportReport();
                break;
            }
            case "ods": {
                var out = new net.sf.jasperreports.engine.export.oasis.JROdsExporter();
                out.setExporterInput(input);
                out.setExporterOutput(new net.sf.jasperreports.export.SimpleOutputStreamExporterOutput(to));
                out.exportReport();
                break;
            }
            case "csv": {
                var out = new net.sf.jasperreports.engine.export.JRCsvExporter();
                out.setExporterInput(input);
                out.setExporterOutput(new net.sf.jasperreports.export.SimpleWriterExporterOutput(to, "UTF-8"));
                out.exportReport();
                break;
            }
            default: {
                var out = new net.sf.jasperreports.engine.export.HtmlExporter();
                out.setExporterInput(input);
                out.setExporterOutput(new net.sf.jasperreports.export.SimpleHtmlExporterOutput(to, "UTF-8"));
                out.exportReport();
            }
        }
    }

    static String shown(String field) {
        if (field.isEmpty()) return null;
        String value = field.substring(2);
        if (field.charAt(0) != 'd') return value;
        return value.substring(8) + "." + value.substring(5, 7) + "." + value.substring(0, 4);
    }
}
