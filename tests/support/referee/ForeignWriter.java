import eu.europa.esig.dss.asic.cades.ASiCWithCAdESSignatureParameters;
import eu.europa.esig.dss.asic.cades.signature.ASiCWithCAdESService;
import eu.europa.esig.dss.cades.CAdESSignatureParameters;
import eu.europa.esig.dss.cades.signature.CAdESCounterSignatureParameters;
import eu.europa.esig.dss.cades.signature.CAdESService;
import eu.europa.esig.dss.enumerations.ASiCContainerType;
import eu.europa.esig.dss.enumerations.CommitmentTypeEnum;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.EncryptionAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.SignerLocation;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.tsp.KeyEntityTSPSource;
import eu.europa.esig.dss.spi.x509.tsp.TimestampToken;
import eu.europa.esig.dss.token.KSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAttributeTableGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSSignedDataStreamGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Writes CAdES signatures as others write them, by DSS and by Bouncy Castle.
 *
 * Arguments: a folder with content, root.der, *.crl, tsa.p12 and the signers' *.p12 (password "1234"), and the
 * folder to write to. There, expected.tsv has a line for each file: its name, its level, "detached", "container" or nothing.
 */
public final class ForeignWriter {
    private static final char[] PASSWORD = "1234".toCharArray();
    private static final SignatureLevel[] LEVELS = {SignatureLevel.CAdES_BASELINE_B, SignatureLevel.CAdES_BASELINE_T,
        SignatureLevel.CAdES_BASELINE_LT, SignatureLevel.CAdES_BASELINE_LTA};

    private final Path in;
    private final Path out;
    private final InMemoryDocument content;
    private final CAdESService service;
    private final ASiCWithCAdESService containers;
    private final List<String> expected = new ArrayList<>();

    private ForeignWriter(Path in, Path out) throws Exception {
        this.in = in;
        this.out = out;
        content = new InMemoryDocument(Files.readAllBytes(in.resolve("content")), "content.txt");
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(DSSUtils.loadCertificate(Files.readAllBytes(in.resolve("root.der"))));
        List<DSSDocument> lists = new ArrayList<>();
        for (String name : new String[] {"root.crl", "sub.crl"}) {
            lists.add(new InMemoryDocument(Files.readAllBytes(in.resolve(name))));
        }
        CommonCertificateVerifier verifier = new CommonCertificateVerifier(true);
        verifier.setTrustedCertSources(trusted);
        verifier.setCrlSource(new ExternalResourcesCRLSource(lists.toArray(new DSSDocument[0])));
        service = new CAdESService(verifier);
        KSPrivateKeyEntry authority = entry("tsa");
        List<X509Certificate> chain = new ArrayList<>();
        for (CertificateToken token : authority.getCertificateChain()) {
            chain.add(token.getCertificate());
        }
        KeyEntityTSPSource stamps = new KeyEntityTSPSource(authority.getPrivateKey(),
                authority.getCertificate().getCertificate(), chain);
        stamps.setTsaPolicy("1.2.3.4");
        service.setTspSource(stamps);
        containers = new ASiCWithCAdESService(verifier);
        containers.setTspSource(stamps);
    }

    public static void main(String[] arguments) throws Exception {
        java.security.Security.addProvider(new BouncyCastleProvider());
        ForeignWriter writer = new ForeignWriter(Path.of(arguments[0]), Path.of(arguments[1]));
        writer.byDss();
        writer.inContainers();
        writer.byBouncyCastle();
        Files.write(writer.out.resolve("expected.tsv"), writer.expected);
    }

    // --- DSS -------------------------------------------------------------------------------------

    private void byDss() throws Exception {
        for (SignatureLevel level : LEVELS) {
            for (String key : List.of("rsa", "rsa-pss", "p256", "p384", "p521")) {
                for (boolean detached : new boolean[] {false, true}) {
                    keep("dss-" + key, level, detached, signed(level, key, detached, wish -> { }));
                }
            }
            keep("dss-content-stamp", level, false, withContentStamp(level));
            keep("dss-parallel", level, false, parallel(level));
            keep("dss-counter", level, false, counterSigned(level));
        }
        SignatureLevel last = SignatureLevel.CAdES_BASELINE_LTA;
        for (String key : List.of("rsa", "p384")) {
            keep("dss-renewed-" + key, last, false, renewed(signed(last, key, false, wish -> { }), key));
        }
        SignatureLevel first = SignatureLevel.CAdES_BASELINE_B;
        keep("dss-sha512", first, false,
                signed(first, "rsa", false, wish -> wish.setDigestAlgorithm(DigestAlgorithm.SHA512)));
        keep("dss-said-more", first, false, signed(first, "rsa", false, ForeignWriter::sayMore));
    }

    private void inContainers() throws Exception {
        List<DSSDocument> one = List.of(content);
        List<DSSDocument> two = List.of(content, new InMemoryDocument("ek".getBytes(), "ek 1.txt"));
        for (SignatureLevel level : LEVELS) {
            contained("dss-asics", ASiCContainerType.ASiC_S, level, one);
            contained("dss-asice", ASiCContainerType.ASiC_E, level, two);
        }
    }

    private void contained(String name, ASiCContainerType type, SignatureLevel level, List<DSSDocument> over)
            throws Exception {
        ASiCWithCAdESSignatureParameters wish = parameters(new ASiCWithCAdESSignatureParameters(), level, "p384");
        wish.aSiC().setContainerType(type);
        ToBeSigned toBeSigned = containers.getDataToSign(over, wish);
        DSSDocument made = containers.signDocument(over, wish, sign(toBeSigned, wish, "p384"));
        keep(name, level, "container", made);
    }

    private static void sayMore(CAdESSignatureParameters wish) {
        SignerLocation place = new SignerLocation();
        place.setCountry("TR");
        place.setLocality("Batman");
        wish.bLevel().setSignerLocation(place);
        wish.bLevel().setCommitmentTypeIndications(List.of(CommitmentTypeEnum.ProofOfApproval));
        wish.setContentHintsType("1.2.840.113549.1.7.1");
        wish.setContentHintsDescription("text");
    }

    private KSPrivateKeyEntry entry(String name) throws Exception {
        byte[] store = Files.readAllBytes(in.resolve(name + ".p12"));
        try (Pkcs12SignatureToken token = new Pkcs12SignatureToken(store, new KeyStore.PasswordProtection(PASSWORD))) {
            return (KSPrivateKeyEntry) token.getKeys().get(0);
        }
    }

    private <T extends CAdESSignatureParameters> T parameters(T wish, SignatureLevel level, String key)
            throws Exception {
        KSPrivateKeyEntry entry = entry(key.replace("-pss", ""));
        wish.setSignatureLevel(level);
        wish.setSigningCertificate(entry.getCertificate());
        wish.setCertificateChain(entry.getCertificateChain());
        wish.setDigestAlgorithm(switch (key) {
            case "p384" -> DigestAlgorithm.SHA384;
            case "p521" -> DigestAlgorithm.SHA512;
            default -> DigestAlgorithm.SHA256;
        });
        if (key.endsWith("-pss")) {
            wish.setEncryptionAlgorithm(EncryptionAlgorithm.RSASSA_PSS);
        }
        wish.bLevel().setSigningDate(new Date());
        return wish;
    }

    private DSSDocument signed(SignatureLevel level, String key, boolean detached,
            Consumer<CAdESSignatureParameters> change) throws Exception {
        CAdESSignatureParameters wish = parameters(new CAdESSignatureParameters(), level, key);
        wish.setSignaturePackaging(detached ? SignaturePackaging.DETACHED : SignaturePackaging.ENVELOPING);
        change.accept(wish);
        return signed(content, wish, key);
    }

    private DSSDocument signed(DSSDocument over, CAdESSignatureParameters wish, String key) throws Exception {
        ToBeSigned toBeSigned = service.getDataToSign(over, wish);
        return service.signDocument(over, wish, sign(toBeSigned, wish, key));
    }

    private eu.europa.esig.dss.model.SignatureValue sign(ToBeSigned what, CAdESSignatureParameters wish, String key)
            throws Exception {
        byte[] store = Files.readAllBytes(in.resolve(key.replace("-pss", "") + ".p12"));
        try (Pkcs12SignatureToken token = new Pkcs12SignatureToken(store, new KeyStore.PasswordProtection(PASSWORD))) {
            return token.sign(what, wish.getSignatureAlgorithm(), token.getKeys().get(0));
        }
    }

    private DSSDocument withContentStamp(SignatureLevel level) throws Exception {
        CAdESSignatureParameters wish = parameters(new CAdESSignatureParameters(), level, "p384");
        wish.setSignaturePackaging(SignaturePackaging.ENVELOPING);
        TimestampToken stamp = service.getContentTimestamp(content, wish);
        wish.setContentTimestamps(List.of(stamp));
        return signed(content, wish, "p384");
    }

    private DSSDocument parallel(SignatureLevel level) throws Exception {
        DSSDocument first = signed(SignatureLevel.CAdES_BASELINE_B, "rsa", false, wish -> { });
        CAdESSignatureParameters wish = parameters(new CAdESSignatureParameters(),
                SignatureLevel.CAdES_BASELINE_B, "p256");
        wish.setSignaturePackaging(SignaturePackaging.ENVELOPING);
        DSSDocument both = signed(first, wish, "p256");
        return level == SignatureLevel.CAdES_BASELINE_B ? both : extended(both, level);
    }

    private DSSDocument extended(DSSDocument signature, SignatureLevel level) {
        CAdESSignatureParameters wish = new CAdESSignatureParameters();
        wish.setSignatureLevel(level);
        return service.extendDocument(signature, wish);
    }

    private DSSDocument renewed(DSSDocument signature, String key) {
        return extended(signature, SignatureLevel.CAdES_BASELINE_LTA);
    }

    private DSSDocument counterSigned(SignatureLevel level) throws Exception {
        DSSDocument signature = signed(SignatureLevel.CAdES_BASELINE_B, "rsa", false, wish -> { });
        SignedDocumentValidator reader = SignedDocumentValidator.fromDocument(signature);
        reader.setCertificateVerifier(new CommonCertificateVerifier(true));
        CAdESCounterSignatureParameters wish = parameters(new CAdESCounterSignatureParameters(),
                SignatureLevel.CAdES_BASELINE_B, "p256");
        wish.setSignatureIdToCounterSign(reader.getSignatures().get(0).getId());
        ToBeSigned toBeSigned = service.getDataToBeCounterSigned(signature, wish);
        DSSDocument both = service.counterSignSignature(signature, wish, sign(toBeSigned, wish, "p256"));
        return level == SignatureLevel.CAdES_BASELINE_B ? both : extended(both, level);
    }

    private void keep(String name, SignatureLevel level, boolean detached, DSSDocument made) throws Exception {
        keep(name + (detached ? "-detached" : ""), level, detached ? "detached" : "", made);
    }

    private void keep(String name, SignatureLevel level, String kind, DSSDocument made) throws Exception {
        String reached = "B-" + level.name().substring(level.name().lastIndexOf('_') + 1);
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            made.writeTo(bytes);
            keep(name + "-" + reached, reached, kind, bytes.toByteArray());
        }
    }

    private void keep(String name, String level, String kind, byte[] made) throws Exception {
        Files.write(out.resolve(name), made);
        expected.add(name + "\t" + level + "\t" + kind);
    }

    // --- Bouncy Castle ---------------------------------------------------------------------------

    private void byBouncyCastle() throws Exception {
        for (String algorithm : List.of("SHA256withRSA", "SHA512withRSA", "SHA256withRSAandMGF1",
                "SHA3-256withRSA", "SHA3-512withRSA")) {
            plain("rsa", algorithm, true);
        }
        plain("p256", "SHA256withECDSA", true);
        plain("p384", "SHA384withECDSA", true);
        plain("p521", "SHA512withECDSA", true);
        plain("rsa", "SHA256withRSA", false);
        streamed("rsa", "SHA256withRSA");
        streamed("p384", "SHA384withECDSA");
    }

    private SignerInfoGenerator signer(String key, String algorithm, boolean timed) throws Exception {
        KSPrivateKeyEntry entry = entry(key);
        X509Certificate certificate = entry.getCertificate().getCertificate();
        byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        SigningCertificateV2 named = new SigningCertificateV2(new ESSCertIDv2(digest));
        DefaultSignedAttributeTableGenerator usual = new DefaultSignedAttributeTableGenerator();
        CMSAttributeTableGenerator attributes = given -> {
            AttributeTable table = usual.getAttributes(given)
                    .add(PKCSObjectIdentifiers.id_aa_signingCertificateV2, named);
            return timed ? table : table.remove(new ASN1ObjectIdentifier("1.2.840.113549.1.9.5"));
        };
        return new SignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider("BC").build())
                .setSignedAttributeGenerator(attributes)
                .build(new JcaContentSignerBuilder(algorithm).setProvider("BC").build(entry.getPrivateKey()),
                        new org.bouncycastle.cert.jcajce.JcaX509CertificateHolder(certificate));
    }

    private JcaCertStore chain(String key) throws Exception {
        List<X509Certificate> found = new ArrayList<>();
        for (CertificateToken token : entry(key).getCertificateChain()) {
            found.add(token.getCertificate());
        }
        return new JcaCertStore(found);
    }

    private void plain(String key, String algorithm, boolean timed) throws Exception {
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(signer(key, algorithm, timed));
        generator.addCertificates(chain(key));
        byte[] bytes = Files.readAllBytes(in.resolve("content"));
        byte[] made = generator.generate(new CMSProcessableByteArray(bytes), true).getEncoded();
        keep("bc-" + key + "-" + algorithm + (timed ? "" : "-untimed"), timed ? "B-B" : "BES", "", made);
    }

    private void streamed(String key, String algorithm) throws Exception {
        CMSSignedDataStreamGenerator generator = new CMSSignedDataStreamGenerator();
        generator.addSignerInfoGenerator(signer(key, algorithm, true));
        generator.addCertificates(chain(key));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream open = generator.open(bytes, true)) {
            open.write(Files.readAllBytes(in.resolve("content")));
        }
        keep("bc-streamed-" + key, "B-B", "", bytes.toByteArray());
    }
}
