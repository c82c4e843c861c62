import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Security;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.esf.CompleteRevocationRefs;
import org.bouncycastle.asn1.esf.CrlOcspRef;
import org.bouncycastle.asn1.esf.CrlValidatedID;
import org.bouncycastle.asn1.esf.OcspResponsesID;
import org.bouncycastle.asn1.esf.OtherHash;
import org.bouncycastle.asn1.esf.RevocationValues;
import org.bouncycastle.asn1.esf.SignaturePolicyIdentifier;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;

/** Checks CAdES signatures: one line "SIGNATURE CONTENT" in, one line "ok" or a reason out. */
public final class BouncyCastleCheck {
    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] files = line.split("\t");
            String answer;
            try {
                answer = check(Files.readAllBytes(Path.of(files[0])), Files.readAllBytes(Path.of(files[1])));
            } catch (Exception error) {
                answer = error.toString().replace('\n', ' ');
            }
            System.out.println(answer);
        }
    }

    private static String check(byte[] signature, byte[] content) throws Exception {
        CMSSignedData data = new CMSSignedData(signature);
        if (!Arrays.equals(data.getEncoded(ASN1Encoding.DER), signature)) {
            return "not DER";
        }
        if (data.getSignedContent() == null) {
            data = new CMSSignedData(new CMSProcessableByteArray(content), signature);
        } else if (!Arrays.equals((byte[]) data.getSignedContent().getContent(), content)) {
            return "other content";
        }
        SignedData raw = SignedData.getInstance(ContentInfo.getInstance(signature).getContent());
        boolean other = raw.getCRLs() != null && Arrays.stream(raw.getCRLs().toArray())
                .anyMatch(choice -> !(choice instanceof ASN1Sequence));
        if (data.getVersion() != (other ? 5 : 1)) {
            return "version " + data.getVersion();
        }
        for (SignerInformation signer : data.getSignerInfos().getSigners()) {
            String answer = signer(data, signer);
            answer = answer.equals("ok") ? unsigned(raw, signer, content) : answer;
            if (!answer.equals("ok")) {
                return answer;
            }
        }
        return "ok";
    }

    private static String signer(CMSSignedData data, SignerInformation signer) throws Exception {
        Collection<X509CertificateHolder> found = data.getCertificates().getMatches(signer.getSID());
        if (found.size() != 1) {
            return "no certificate";
        }
        X509CertificateHolder certificate = found.iterator().next();
        if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate))) {
            return "signature";
        }
        AttributeTable attributes = signer.getSignedAttributes();
        for (var wanted : List.of(CMSAttributes.contentType, CMSAttributes.messageDigest,
                CMSAttributes.signingTime, PKCSObjectIdentifiers.id_aa_signingCertificateV2)) {
            if (attributes.getAll(wanted).size() != 1) {
                return "attribute " + wanted;
            }
        }
        Attribute attribute = attributes.get(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
        ESSCertIDv2 named = SigningCertificateV2.getInstance(attribute.getAttributeValues()[0]).getCerts()[0];
        MessageDigest digest = MessageDigest.getInstance(named.getHashAlgorithm().getAlgorithm().getId(), "BC");
        if (!Arrays.equals(digest.digest(certificate.getEncoded()), named.getCertHash())) {
            return "certificate hash";
        }
        boolean same = named.getIssuerSerial().getSerial().getValue().equals(certificate.getSerialNumber());
        return same ? "ok" : "issuerSerial";
    }

    private static final ASN1ObjectIdentifier ARCHIVE = new ASN1ObjectIdentifier("0.4.0.1733.2.4");
    private static final ASN1ObjectIdentifier INDEX = new ASN1ObjectIdentifier("0.4.0.19122.1.5");

    /** What was put on top of the signature: time stamps, references with their values. */
    private static String unsigned(SignedData raw, SignerInformation signer, byte[] content) throws Exception {
        Attribute policy = signer.getSignedAttributes().get(PKCSObjectIdentifiers.id_aa_ets_sigPolicyId);
        if (policy != null) {
            SignaturePolicyIdentifier.getInstance(policy.getAttributeValues()[0]).getSignaturePolicyId()
                    .getSigPolicyHash().getHashValue();
        }
        AttributeTable attributes = signer.getUnsignedAttributes();
        if (attributes == null) {
            return "ok";
        }
        for (ASN1Encodable value : values(attributes, PKCSObjectIdentifiers.id_aa_signatureTimeStampToken)) {
            if (!stamped(value, hash(signer.getSignature()))) {
                return "time stamp";
            }
        }
        List<ASN1Encodable> archives = values(attributes, ARCHIVE);
        for (ASN1Encodable value : archives) {
            TimeStampToken token = new TimeStampToken(ContentInfo.getInstance(value));
            ASN1Encodable index = token.getUnsignedAttributes().get(INDEX).getAttributeValues()[0];
            if (!stamped(value, archiveImprint(raw, signer, content, index)) || !indexed(raw, attributes, index)) {
                return "archive time stamp";
            }
        }
        return references(attributes);
    }

    private static List<ASN1Encodable> values(AttributeTable attributes, ASN1ObjectIdentifier kind) {
        List<ASN1Encodable> found = new ArrayList<>();
        var all = attributes.getAll(kind);
        for (int number = 0; number < all.size(); number++) {
            found.addAll(Arrays.asList(((Attribute) all.get(number)).getAttributeValues()));
        }
        return found;
    }

    /** Whether a token is signed by the certificate in it and its imprint is this. */
    private static boolean stamped(ASN1Encodable value, byte[] imprint) throws Exception {
        TimeStampToken token = new TimeStampToken(ContentInfo.getInstance(value));
        Collection<?> found = token.getCertificates().getMatches(token.getSID());
        X509CertificateHolder authority = (X509CertificateHolder) found.iterator().next();
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(authority));
        return Arrays.equals(token.getTimeStampInfo().getMessageImprintDigest(), imprint);
    }

    /** ETSI EN 319 122-1, 5.5.3. */
    private static byte[] archiveImprint(
            SignedData raw, SignerInformation signer, byte[] content, ASN1Encodable index) throws Exception {
        SignerInfo info = signer.toASN1Structure();
        var over = new ByteArrayOutputStream();
        over.write(der(raw.getEncapContentInfo().getContentType()));
        over.write(hash(content));
        over.write(der(info.getVersion()));
        over.write(der(info.getSID()));
        over.write(der(info.getDigestAlgorithm()));
        over.write(der(new DERTaggedObject(false, 0, info.getAuthenticatedAttributes())));
        over.write(der(info.getDigestEncryptionAlgorithm()));
        over.write(der(info.getEncryptedDigest()));
        over.write(der(index));
        return hash(over.toByteArray());
    }

    /** Whether everything that the index names is there (5.5.2). */
    private static boolean indexed(SignedData raw, AttributeTable attributes, ASN1Encodable index) throws Exception {
        ASN1Sequence parts = ASN1Sequence.getInstance(index);
        List<byte[]> there = new ArrayList<>();
        for (ASN1Set set : new ASN1Set[] {raw.getCertificates(), raw.getCRLs()}) {
            for (ASN1Encodable one : set == null ? new ASN1Encodable[0] : set.toArray()) {
                there.add(hash(der(one)));
            }
        }
        for (Attribute attribute : attributes.toASN1Structure().getAttributes()) {
            for (ASN1Encodable value : attribute.getAttributeValues()) {
                var both = new ByteArrayOutputStream();
                both.write(der(attribute.getAttrType()));
                both.write(der(value));
                there.add(hash(both.toByteArray()));
            }
        }
        for (int number = 1; number < 4; number++) {
            for (ASN1Encodable one : ASN1Sequence.getInstance(parts.getObjectAt(number))) {
                byte[] wanted = ASN1OctetString.getInstance(one).getOctets();
                if (there.stream().noneMatch(known -> Arrays.equals(known, wanted))) {
                    return false;
                }
            }
        }
        return parts.size() == 4;
    }

    /** Whether each reference of a complete signature has its value (RFC 5126, 6.2 and 6.3). */
    private static String references(AttributeTable attributes) throws Exception {
        Attribute certificates = attributes.get(PKCSObjectIdentifiers.id_aa_ets_certificateRefs);
        if (certificates == null) {
            return "ok";
        }
        List<byte[]> there = new ArrayList<>();
        for (ASN1Encodable one : sequence(attributes, PKCSObjectIdentifiers.id_aa_ets_certValues)) {
            there.add(hash(new X509CertificateHolder(der(one)).getEncoded()));
        }
        RevocationValues values = RevocationValues.getInstance(
                values(attributes, PKCSObjectIdentifiers.id_aa_ets_revocationValues).get(0));
        for (var crl : values.getCrlVals()) {
            there.add(hash(der(crl)));
        }
        for (var answer : values.getOcspVals()) {
            there.add(hash(der(answer)));
        }
        List<OtherHash> wanted = new ArrayList<>();
        int authorities = 0;
        for (ASN1Encodable one : ASN1Sequence.getInstance(certificates.getAttributeValues()[0])) {
            wanted.add(OtherHash.getInstance(ASN1Sequence.getInstance(one).getObjectAt(0)));
            authorities++;
        }
        CrlOcspRef[] revocation = CompleteRevocationRefs.getInstance(
                values(attributes, PKCSObjectIdentifiers.id_aa_ets_revocationRefs).get(0)).getCrlOcspRefs();
        for (CrlOcspRef one : revocation) {
            if (one.getCrlids() != null) {
                for (CrlValidatedID crl : one.getCrlids().getCrls()) {
                    crl.getCrlIdentifier().getCrlIssuedTime().getDate();
                    wanted.add(crl.getCrlHash());
                }
            }
            if (one.getOcspids() != null) {
                for (OcspResponsesID answer : one.getOcspids().getOcspResponses()) {
                    answer.getOcspIdentifier().getProducedAt().getDate();
                    wanted.add(answer.getOcspRepHash());
                }
            }
        }
        for (OtherHash one : wanted) {
            if (there.stream().noneMatch(known -> Arrays.equals(known, one.getHashValue()))) {
                return "reference without value";
            }
        }
        return revocation.length == authorities + 1 ? "ok" : "number of references";
    }

    private static ASN1Sequence sequence(AttributeTable attributes, ASN1ObjectIdentifier kind) {
        return ASN1Sequence.getInstance(values(attributes, kind).get(0));
    }

    private static byte[] der(ASN1Encodable value) throws Exception {
        return value.toASN1Primitive().getEncoded(ASN1Encoding.DER);
    }

    private static byte[] hash(byte[] data) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(data);
    }
}
