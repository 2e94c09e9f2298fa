using System.Buffers.Binary;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace Field.Store.Embedded;

/// <summary>The geometry blob of a GeoPackage (OGC 12-128r18 section 2.1.3): a header with the envelope, then WKB.</summary>
internal static class GeoPackageGeometry
{
    /// <summary>WGS 84; JGD2011 agrees with it below the accuracy of a drone.</summary>
    public const int SrsId = 4326;

    private const int HeaderBytes = 8;
    private const int EnvelopeBytes = 32;
    private const byte LittleEndianFlag = 1;
    private const byte XyEnvelopeFlag = 1 << 1;
    private const byte EmptyFlag = 1 << 4;

    public static byte[] Write(Geometry geometry)
    {
        byte[] wkb = new WKBWriter(ByteOrder.LittleEndian).Write(geometry);
        bool isEmpty = geometry.IsEmpty;
        byte[] blob = new byte[HeaderBytes + (isEmpty ? 0 : EnvelopeBytes) + wkb.Length];
        blob[0] = (byte)'G';
        blob[1] = (byte)'P';
        blob[3] = (byte)(LittleEndianFlag | (isEmpty ? EmptyFlag : XyEnvelopeFlag));
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(4), SrsId);
        if (!isEmpty)
        {
            Envelope e = geometry.EnvelopeInternal;
            Span<byte> envelope = blob.AsSpan(HeaderBytes);
            BinaryPrimitives.WriteDoubleLittleEndian(envelope, e.MinX);
            BinaryPrimitives.WriteDoubleLittleEndian(envelope[8..], e.MaxX);
            BinaryPrimitives.WriteDoubleLittleEndian(envelope[16..], e.MinY);
            BinaryPrimitives.WriteDoubleLittleEndian(envelope[24..], e.MaxY);
        }

        wkb.CopyTo(blob, blob.Length - wkb.Length);
        return blob;
    }

    /// <summary>Reads a blob; also of other programs, which may have written any envelope or none.</summary>
    /// <exception cref="StoreException">The blob is damaged.</exception>
    public static Geometry Read(byte[] blob)
    {
        int[] envelopeBytes = [0, 32, 48, 48, 64];
        int code = blob.Length >= HeaderBytes && blob[0] == 'G' && blob[1] == 'P' ? (blob[3] >> 1) & 7 : int.MaxValue;
        if (code >= envelopeBytes.Length || blob.Length <= HeaderBytes + envelopeBytes[code])
        {
            throw new StoreException("a geometry in the GeoPackage is damaged: it has no GeoPackage header");
        }

        try
        {
            return new WKBReader().Read(blob[(HeaderBytes + envelopeBytes[code])..]);
        }
        catch (Exception e) when (e is ParseException or ArgumentException or IOException or OverflowException or IndexOutOfRangeException)
        {
            throw new StoreException($"a geometry in the GeoPackage is damaged: {e.Message}", false, e);
        }
    }

    /// <summary>What the R-tree triggers of the standard ask for; null for no or an empty geometry.</summary>
    public static Envelope? EnvelopeOf(byte[]? blob) => blob is null || Read(blob) is not { IsEmpty: false } geometry ? null : geometry.EnvelopeInternal;
}
