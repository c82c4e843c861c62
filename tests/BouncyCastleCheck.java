import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Security;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Checks CAdES B-B signatures: one line "SIGNATURE CONTENT" in, one line "ok" or a reason out. */
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
        Collection<SignerInformation> signers = data.getSignerInfos().getSigners();
        if (data.getVersion() != 1 || signers.size() != 1) {
            return "version or number of signers";
        }
        return signer(data, signers.iterator().next());
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
}
