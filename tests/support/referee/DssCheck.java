import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/**
 * The EU's DSS as a referee, offline: one line "SIGNATURE CONTENT TRUSTED-CERTIFICATES TIME REVOCATION" in (a
 * file, a file, files joined by commas, RFC 3339, "strict" or "none"), for each signature in it
 * "INDICATION SUBINDICATION LEVEL" out, joined by ";".
 */
public final class DssCheck {
    public static void main(String[] arguments) throws Exception {
        String strict = new String(DssCheck.class.getResourceAsStream("/policy/constraint.xml").readAllBytes(),
                StandardCharsets.UTF_8);
        String lenient = strict
                .replace("<RevocationDataAvailable Level=\"FAIL\" />", "<RevocationDataAvailable Level=\"IGNORE\" />")
                .replace("<AcceptableRevocationDataFound Level=\"FAIL\" />",
                        "<AcceptableRevocationDataFound Level=\"IGNORE\" />");
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] fields = line.split("\t", -1);
            String answer;
            try {
                answer = check(fields, fields[4].equals("strict") ? strict : lenient);
            } catch (Exception | LinkageError error) {
                answer = "ERROR " + error.toString().replace('\n', ' ');
            }
            System.out.println(answer);
        }
    }

    private static String check(String[] fields, String policy) throws Exception {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        List<DSSDocument> lists = new ArrayList<>();
        for (String file : fields[2].split(",")) {
            if (file.endsWith(".crl")) {
                lists.add(new InMemoryDocument(Files.readAllBytes(Path.of(file))));
            } else {
                trusted.addCertificate(DSSUtils.loadCertificate(Files.readAllBytes(Path.of(file))));
            }
        }
        CommonCertificateVerifier verifier = new CommonCertificateVerifier(true);
        verifier.setTrustedCertSources(trusted);
        if (!lists.isEmpty()) {
            verifier.setCrlSource(new ExternalResourcesCRLSource(lists.toArray(new DSSDocument[0])));
        }
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(
                new InMemoryDocument(Files.readAllBytes(Path.of(fields[0])), "signature.p7m"));
        validator.setCertificateVerifier(verifier);
        if (!fields[1].isEmpty()) {
            validator.setDetachedContents(List.of(new InMemoryDocument(Files.readAllBytes(Path.of(fields[1])))));
        }
        validator.setValidationTime(Date.from(Instant.parse(fields[3])));
        Reports reports = validator.validateDocument(
                new ByteArrayInputStream(policy.getBytes(StandardCharsets.UTF_8)));
        SimpleReport report = reports.getSimpleReport();
        List<String> answers = new ArrayList<>();
        for (String id : report.getSignatureIdList()) {
            Indication indication = report.getIndication(id);
            String why = indication == Indication.TOTAL_PASSED ? "-"
                    : report.getSubIndication(id) + " " + report.getAdESValidationErrors(id).stream()
                            .map(message -> message.getValue()).toList();
            answers.add(indication + " " + report.getSignatureFormat(id) + " " + why.replace('\n', ' '));
        }
        return String.join(";", answers);
    }
}
