using System.Globalization;
using Field.Contracts;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Jpeg;
using MetadataExtractor.Formats.Xmp;
using XmpCore;
using Directory = MetadataExtractor.Directory;

namespace Field.EdgeAgent.Photos;

/// <summary>What a photo says of itself.</summary>
/// <param name="Camera">Pose and optics.</param>
/// <param name="Place">Where the camera was, or null.</param>
/// <param name="CapturedAt">When, or null.</param>
/// <param name="CapturedAtAssumed">True when the file names no offset and the device's time zone was taken.</param>
internal sealed record PhotoMetadata(CameraMetadata Camera, GeoPoint? Place, DateTimeOffset? CapturedAt, bool CapturedAtAssumed)
{
    /// <summary>Of a file that says nothing.</summary>
    public static PhotoMetadata None { get; } = new(new CameraMetadata(), null, null, false);
}

/// <summary>Reads EXIF and XMP. What is damaged or absurd is left out; nothing here may keep a photo from being sent.</summary>
internal static class PhotoMetadataReader
{
    private const string DjiNamespace = "http://www.dji.com/drone-dji/1.0/";
    private const double MaxDegrees = 720;
    private const int MaxPixels = 1_000_000;

    /// <summary>Reads the metadata of a JPEG.</summary>
    /// <param name="jpeg">A seekable stream at its beginning.</param>
    /// <param name="zone">The time zone assumed when EXIF names no offset.</param>
    public static PhotoMetadata Read(Stream jpeg, TimeZoneInfo zone)
    {
        IReadOnlyList<Directory> all;
        try
        {
            all = JpegMetadataReader.ReadMetadata(jpeg);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library promises only some of its exceptions; a broken header must not keep the evidence on the card.
            return PhotoMetadata.None;
        }

        Dji dji = new(all);
        double? altitude = GpsAltitude(all);
        (DateTimeOffset? capturedAt, bool assumed) = CaptureTime(all, zone);
        return new PhotoMetadata(Camera(all, dji, altitude), Place(all, dji, altitude), capturedAt, assumed);
    }

    private static CameraMetadata Camera(IReadOnlyList<Directory> all, Dji dji, double? gpsAltitudeM) => new()
    {
        Make = Text<ExifIfd0Directory>(all, ExifDirectoryBase.TagMake),
        Model = Text<ExifIfd0Directory>(all, ExifDirectoryBase.TagModel),
        WidthPx = Count<JpegDirectory>(all, JpegDirectory.TagImageWidth),
        HeightPx = Count<JpegDirectory>(all, JpegDirectory.TagImageHeight),
        ExifWidthPx = Count<ExifSubIfdDirectory>(all, ExifDirectoryBase.TagExifImageWidth),
        FocalMm = Positive(Number<ExifSubIfdDirectory>(all, ExifDirectoryBase.TagFocalLength), 10_000),
        Focal35Mm = Positive(Number<ExifSubIfdDirectory>(all, ExifDirectoryBase.Tag35MMFilmEquivFocalLength), 10_000),
        FocalPlaneXResolution = Positive(Number<ExifSubIfdDirectory>(all, ExifDirectoryBase.TagFocalPlaneXResolution), 1e9),
        FocalPlaneUnitMm = Number<ExifSubIfdDirectory>(all, ExifDirectoryBase.TagFocalPlaneResolutionUnit) switch
        {
            2 => 25.4,
            3 => 10,
            4 => 1,
            _ => null,
        },
        CalibratedFocalPx = Positive(dji.Number("CalibratedFocalLength"), MaxPixels),
        GpsAltitudeM = gpsAltitudeM,
        RelativeAltitudeM = Metres(dji.Number("RelativeAltitude")),
        GimbalYawDeg = Degrees(dji.Number("GimbalYawDegree")),
        GimbalPitchDeg = Degrees(dji.Number("GimbalPitchDegree")),
        GimbalRollDeg = Degrees(dji.Number("GimbalRollDegree")),
        FlightYawDeg = Degrees(dji.Number("FlightYawDegree")),
        FlightPitchDeg = Degrees(dji.Number("FlightPitchDegree")),
        FlightRollDeg = Degrees(dji.Number("FlightRollDegree")),
        GpsTrackDeg = Degrees(GpsTrack(all)),
        RtkFlag = dji.Number("RtkFlag") is { } flag and >= 0 and <= 255 ? (int)flag : null,
        AltitudeType = Trimmed(dji.Text("AltitudeType")),
        RtkStdLonM = Error(dji.Number("RtkStdLon")),
        RtkStdLatM = Error(dji.Number("RtkStdLat")),
        RtkStdHeightM = Error(dji.Number("RtkStdHgt")),
        LaserDistanceM = dji.Text("LRFStatus") is "Normal" ? Positive(dji.Number("LRFTargetDistance"), 10_000) : null,
    };

    /// <summary>EXIF GPS, else DJI's XMP position.</summary>
    private static GeoPoint? Place(IReadOnlyList<Directory> all, Dji dji, double? altitudeM)
    {
        GeoLocation? exif = all.OfType<GpsDirectory>().FirstOrDefault()?.GetGeoLocation();
        double? lon = exif?.Longitude ?? dji.Number("GpsLongitude") ?? dji.Number("GpsLongtitude"); // older firmware misspells it
        double? lat = exif?.Latitude ?? dji.Number("GpsLatitude");
        bool isPlace = lon is not null && lat is not null && GeoPoint.IsValid(lon.Value, lat.Value) && (lon != 0 || lat != 0);
        return isPlace ? new GeoPoint(lon!.Value, lat!.Value, altitudeM) : null;
    }

    private static double? GpsAltitude(IReadOnlyList<Directory> all)
    {
        double? altitude = Number<GpsDirectory>(all, GpsDirectory.TagAltitude);
        bool below = Number<GpsDirectory>(all, GpsDirectory.TagAltitudeRef) is 1;
        return Metres(below ? -altitude : altitude);
    }

    /// <summary>The track over ground, unless it is said to be from magnetic north.</summary>
    private static double? GpsTrack(IReadOnlyList<Directory> all) =>
        Text<GpsDirectory>(all, GpsDirectory.TagTrackRef) is "M" ? null : Number<GpsDirectory>(all, GpsDirectory.TagTrack);

    private static (DateTimeOffset? Time, bool Assumed) CaptureTime(IReadOnlyList<Directory> all, TimeZoneInfo zone)
    {
        string? original = Text<ExifSubIfdDirectory>(all, ExifDirectoryBase.TagDateTimeOriginal);
        if (!DateTime.TryParseExact(original, "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
        {
            return (null, false);
        }

        string fraction = Text<ExifSubIfdDirectory>(all, ExifDirectoryBase.TagSubsecondTimeOriginal) ?? "";
        if (double.TryParse($"0.{fraction}", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
        {
            local = local.AddMilliseconds(Math.Floor(seconds * 1000));
        }

        string? offset = Text<ExifSubIfdDirectory>(all, ExifDirectoryBase.TagTimeZoneOriginal);
        bool known = WireTime.TryParse($"2000-01-01T00:00:00{offset}", out DateTimeOffset probe);
        try
        {
            return (new DateTimeOffset(local, known ? probe.Offset : zone.GetUtcOffset(local)), !known);
        }
        catch (ArgumentOutOfRangeException)
        {
            return (null, false); // year 1 with an offset that leads before it
        }
    }

    private static double? Number<T>(IReadOnlyList<Directory> all, int tag)
        where T : Directory
    {
        foreach (T directory in all.OfType<T>())
        {
            // The library's own conversion of a rational goes through a float: 198.309 m became 198.309006.
            double value = directory.GetObject(tag) is Rational r
                ? (double)r.Numerator / r.Denominator
                : directory.TryGetDouble(tag, out double plain) ? plain : double.NaN;
            if (double.IsFinite(value))
            {
                return value;
            }
        }

        return null;
    }

    private static int? Count<T>(IReadOnlyList<Directory> all, int tag)
        where T : Directory => Number<T>(all, tag) is { } value and >= 0 and <= MaxPixels ? (int)value : null;

    private static string? Text<T>(IReadOnlyList<Directory> all, int tag)
        where T : Directory => Trimmed(all.OfType<T>().Select(d => d.GetString(tag)).FirstOrDefault(t => t is not null));

    private static string? Trimmed(string? text) =>
        text?.Trim('\0', ' ', '\t', '\r', '\n') is { Length: > 0 } trimmed ? trimmed[..Math.Min(trimmed.Length, 128)] : null;

    private static double? Degrees(double? value) => value is >= -MaxDegrees and <= MaxDegrees ? value : null;

    private static double? Metres(double? value) => value is >= -12_000 and <= 100_000 ? value : null;

    private static double? Error(double? value) => value is >= 0 and <= 1000 ? value : null;

    private static double? Positive(double? value, double max) => value > 0 && value <= max ? value : null;

    /// <summary>DJI's XMP properties, whatever prefix the file gives their namespace.</summary>
    private sealed class Dji(IReadOnlyList<Directory> all)
    {
        private readonly IXmpMeta[] _packets = [.. all.OfType<XmpDirectory>().Select(x => x.XmpMeta).OfType<IXmpMeta>()];

        public double? Number(string name)
        {
            foreach (IXmpMeta packet in _packets)
            {
                if (double.TryParse(Text(packet, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                    && double.IsFinite(value))
                {
                    return value;
                }
            }

            return null;
        }

        public string? Text(string name) => _packets.Select(p => Text(p, name)).FirstOrDefault(t => t is not null);

        private static string? Text(IXmpMeta packet, string name)
        {
            try
            {
                return packet.GetPropertyString(DjiNamespace, name);
            }
            catch (XmpException)
            {
                return null;
            }
        }
    }
}
