using System.Globalization;
using System.Text;

namespace Field.Demo.Synthetic;

/// <summary>What a synthetic photo says about itself.</summary>
/// <param name="Lon">Longitude as the receiver reports it, degrees.</param>
/// <param name="Lat">Latitude, degrees.</param>
/// <param name="AbsoluteAltitudeM">Height above the ellipsoid as the receiver reports it, metres.</param>
/// <param name="RelativeAltitudeM">Height above the photographed plane, metres.</param>
/// <param name="YawDeg">Gimbal yaw, clockwise from true north.</param>
/// <param name="PitchDeg">Gimbal pitch, -90 straight down.</param>
/// <param name="FocalPx">Calibrated focal length, pixels of this image.</param>
/// <param name="WidthPx">Columns.</param>
/// <param name="HeightPx">Rows.</param>
/// <param name="PositionSigmaM">Standard deviation of the position's noise, metres per axis.</param>
/// <param name="HeightSigmaM">Of the noise of <paramref name="AbsoluteAltitudeM"/>.</param>
/// <param name="TakenAt">Local time with its offset.</param>
internal sealed record PhotoMetadata(
    double Lon, double Lat, double AbsoluteAltitudeM, double RelativeAltitudeM, double YawDeg, double PitchDeg,
    double FocalPx, int WidthPx, int HeightPx, double PositionSigmaM, double HeightSigmaM, DateTimeOffset TakenAt)
{
    public const string Make = "Field (fictional)";
    public const string Model = "Field Synthetic Camera";
    public const string Notice = "SYNTHETIC IMAGE: generated test data of a fictional place, not a photograph";

    /// <summary>The sensor is 12 mm wide, so that the focal length in mm follows from the one in pixels.</summary>
    private const double SensorWidthMm = 12;

    private double FocalMm => FocalPx * SensorWidthMm / WidthPx;

    /// <summary>The EXIF segment's payload: "Exif\0\0" and a TIFF block.</summary>
    public byte[] Exif()
    {
        const int header = 8;
        TiffDirectory exif = ExifDirectory();
        TiffDirectory gps = GpsDirectory();
        TiffDirectory root = RootDirectory().Long(0x8769, 0).Long(0x8825, 0); // the pointers' place is part of the size
        int exifAt = header + root.Size;
        int gpsAt = exifAt + exif.Size;
        root.Long(0x8769, (uint)exifAt).Long(0x8825, (uint)gpsAt);
        byte[] tiff = [0x49, 0x49, 42, 0, header, 0, 0, 0];
        return [.. "Exif\0\0"u8, .. tiff, .. root.ToBytes(header), .. exif.ToBytes(exifAt), .. gps.ToBytes(gpsAt)];
    }

    /// <summary>The XMP segment's payload, with DJI's drone namespace.</summary>
    public byte[] Xmp()
    {
        string F(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);
        const string signed = "+0.00;-0.00;+0.00";
        string packet = $"""
            <?xpacket begin="{'\uFEFF'}" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/">
             <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
              <rdf:Description rdf:about="{Notice}"
                xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
                xmlns:xmp="http://ns.adobe.com/xap/1.0/"
                xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/"
               tiff:Make="{Make}"
               tiff:Model="{Model}"
               xmp:CreatorTool="Field.Demo synthetic"
               xmp:CreateDate="{TakenAt.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)}"
               drone-dji:Version="1.5"
               drone-dji:GpsStatus="RTK"
               drone-dji:AltitudeType="RtkAlt"
               drone-dji:GpsLatitude="{F("+0.000000000;-0.000000000", Lat)}"
               drone-dji:GpsLongitude="{F("+0.000000000;-0.000000000", Lon)}"
               drone-dji:AbsoluteAltitude="{F("+0.000;-0.000", AbsoluteAltitudeM)}"
               drone-dji:RelativeAltitude="{F("+0.000;-0.000", RelativeAltitudeM)}"
               drone-dji:GimbalRollDegree="+0.00"
               drone-dji:GimbalYawDegree="{F(signed, YawDeg)}"
               drone-dji:GimbalPitchDegree="{F(signed, PitchDeg)}"
               drone-dji:FlightRollDegree="+0.00"
               drone-dji:FlightYawDegree="{F(signed, YawDeg)}"
               drone-dji:FlightPitchDegree="+0.00"
               drone-dji:CalibratedFocalLength="{F("0.000000", FocalPx)}"
               drone-dji:CalibratedOpticalCenterX="{F("0.000000", WidthPx / 2.0)}"
               drone-dji:CalibratedOpticalCenterY="{F("0.000000", HeightPx / 2.0)}"
               drone-dji:RtkFlag="50"
               drone-dji:RtkStdLon="{F("0.00000", PositionSigmaM)}"
               drone-dji:RtkStdLat="{F("0.00000", PositionSigmaM)}"
               drone-dji:RtkStdHgt="{F("0.00000", HeightSigmaM)}"/>
             </rdf:RDF>
            </x:xmpmeta>
            <?xpacket end="r"?>
            """;
        return [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.UTF8.GetBytes(packet)];
    }

    private TiffDirectory RootDirectory() => new TiffDirectory()
        .Ascii(0x010E, Notice)
        .Ascii(0x010F, Make)
        .Ascii(0x0110, Model)
        .Short(0x0112, 1)
        .Rational(0x011A, (72, 1))
        .Rational(0x011B, (72, 1))
        .Short(0x0128, 2)
        .Ascii(0x0131, "Field.Demo synthetic")
        .Ascii(0x0132, ExifTime(TakenAt))
        .Short(0x0213, 1);

    private TiffDirectory ExifDirectory() => new TiffDirectory()
        .Rational(0x829A, (1, 1000))
        .Rational(0x829D, (28, 10))
        .Short(0x8827, 100)
        .Undefined(0x9000, "0232"u8.ToArray())
        .Ascii(0x9003, ExifTime(TakenAt))
        .Ascii(0x9004, ExifTime(TakenAt))
        .Ascii(0x9010, Offset(TakenAt))
        .Ascii(0x9011, Offset(TakenAt))
        .Ascii(0x9012, Offset(TakenAt))
        .Undefined(0x9101, 1, 2, 3, 0)
        .Rational(0x920A, ((uint)Math.Round(FocalMm * 10000), 10000))
        .Undefined(0x9286, [.. "ASCII\0\0\0"u8, .. Encoding.ASCII.GetBytes(Notice)])
        .Ascii(0x9291, TakenAt.Millisecond.ToString("000", CultureInfo.InvariantCulture))
        .Undefined(0xA000, "0100"u8.ToArray())
        .Short(0xA001, 1)
        .Long(0xA002, (uint)WidthPx)
        .Long(0xA003, (uint)HeightPx)
        .Rational(0xA20E, ((uint)Math.Round(WidthPx * 1000 / (SensorWidthMm / 10)), 1000))
        .Rational(0xA20F, ((uint)Math.Round(WidthPx * 1000 / (SensorWidthMm / 10)), 1000))
        .Short(0xA210, 3) // pixels per centimetre
        .Short(0xA405, (ushort)Math.Round(FocalPx * 43.2666 / Math.Sqrt(((double)WidthPx * WidthPx) + ((double)HeightPx * HeightPx))))
        .Ascii(0xA431, "SYNTHETIC-0001");

    private TiffDirectory GpsDirectory()
    {
        DateTimeOffset utc = TakenAt.ToUniversalTime();
        return new TiffDirectory()
            .Bytes(0, 2, 3, 0, 0)
            .Ascii(1, Lat >= 0 ? "N" : "S")
            .Rational(2, DegreesMinutesSeconds(Lat))
            .Ascii(3, Lon >= 0 ? "E" : "W")
            .Rational(4, DegreesMinutesSeconds(Lon))
            .Bytes(5, (byte)(AbsoluteAltitudeM >= 0 ? 0 : 1))
            .Rational(6, ((uint)Math.Round(Math.Abs(AbsoluteAltitudeM) * 1000), 1000))
            .Rational(7, ((uint)utc.Hour, 1), ((uint)utc.Minute, 1), ((uint)((utc.Second * 1000) + utc.Millisecond), 1000))
            .Ascii(0x12, "WGS-84")
            .Ascii(0x1D, utc.ToString("yyyy:MM:dd", CultureInfo.InvariantCulture))
            .Rational(0x1F, ((uint)Math.Round(PositionSigmaM * 1000), 1000));
    }

    /// <summary>Seconds keep 1e-7 of a second of arc: 3 micrometres.</summary>
    private static (uint, uint)[] DegreesMinutesSeconds(double degrees)
    {
        const uint perSecond = 10_000_000;
        ulong units = (ulong)Math.Round(Math.Abs(degrees) * 3600 * perSecond);
        return
        [
            ((uint)(units / (3600UL * perSecond)), 1),
            ((uint)(units / (60UL * perSecond) % 60), 1),
            ((uint)(units % (60UL * perSecond)), perSecond),
        ];
    }

    private static string ExifTime(DateTimeOffset time) => time.ToString("yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Offset(DateTimeOffset time) => time.ToString("zzz", CultureInfo.InvariantCulture);
}
