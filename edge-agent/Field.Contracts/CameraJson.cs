using System.Text.Json;

namespace Field.Contracts;

/// <summary>The JSON form of <see cref="CameraMetadata"/>, on the wire and in the store.</summary>
public static class CameraJson
{
    private const double MaxPixels = 1_000_000;

    /// <summary>Writes the members that are known.</summary>
    public static void Write(Utf8JsonWriter writer, CameraMetadata camera)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(camera);
        writer.WriteStartObject();
        writer.WriteOptional("make", camera.Make);
        writer.WriteOptional("model", camera.Model);
        writer.WriteOptional("widthPx", camera.WidthPx);
        writer.WriteOptional("heightPx", camera.HeightPx);
        writer.WriteOptional("exifWidthPx", camera.ExifWidthPx);
        writer.WriteOptional("focalMm", camera.FocalMm);
        writer.WriteOptional("focal35Mm", camera.Focal35Mm);
        writer.WriteOptional("focalPlaneXResolution", camera.FocalPlaneXResolution);
        writer.WriteOptional("focalPlaneUnitMm", camera.FocalPlaneUnitMm);
        writer.WriteOptional("calibratedFocalPx", camera.CalibratedFocalPx);
        writer.WriteOptional("gpsAltitudeM", camera.GpsAltitudeM);
        writer.WriteOptional("relativeAltitudeM", camera.RelativeAltitudeM);
        writer.WriteOptional("gimbalYawDeg", camera.GimbalYawDeg);
        writer.WriteOptional("gimbalPitchDeg", camera.GimbalPitchDeg);
        writer.WriteOptional("gimbalRollDeg", camera.GimbalRollDeg);
        writer.WriteOptional("flightYawDeg", camera.FlightYawDeg);
        writer.WriteOptional("flightPitchDeg", camera.FlightPitchDeg);
        writer.WriteOptional("flightRollDeg", camera.FlightRollDeg);
        writer.WriteOptional("gpsTrackDeg", camera.GpsTrackDeg);
        writer.WriteOptional("rtkFlag", camera.RtkFlag);
        writer.WriteOptional("altitudeType", camera.AltitudeType);
        writer.WriteOptional("rtkStdLonM", camera.RtkStdLonM);
        writer.WriteOptional("rtkStdLatM", camera.RtkStdLatM);
        writer.WriteOptional("rtkStdHeightM", camera.RtkStdHeightM);
        writer.WriteOptional("laserDistanceM", camera.LaserDistanceM);
        writer.WriteOptional("surfaceHeightM", camera.SurfaceHeightM);
        writer.WriteOptional("surfaceErrorM", camera.SurfaceErrorM);
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote, from the store.</summary>
    /// <exception cref="FieldException">The text is not such an object.</exception>
    public static CameraMetadata Read(string text)
    {
        JsonChecker json = new();
        using JsonDocument document = JsonDocument.Parse(text);
        CameraMetadata camera = Read(json, document.RootElement, "");
        return json.Errors.Count == 0 ? camera : throw new FieldException($"stored camera metadata is damaged: {json.Errors[0]}");
    }

    internal static CameraMetadata Read(JsonChecker json, JsonElement camera, string at)
    {
        double? Degrees(string name) => json.Number(camera, at, name, -720, 720);
        double? Metres(string name) => json.Number(camera, at, name, -12_000, 100_000);
        double? Error(string name) => json.Number(camera, at, name, 0, 1000);
        double? Positive(string name, double max) => json.Number(camera, at, name, double.Epsilon, max);
        int? Count(string name, long max) => (int?)json.Integer(camera, at, name, 0, max);
        return new CameraMetadata
        {
            Make = json.Text(camera, at, "make", required: false, maxLength: 128),
            Model = json.Text(camera, at, "model", required: false, maxLength: 128),
            WidthPx = Count("widthPx", 1_000_000),
            HeightPx = Count("heightPx", 1_000_000),
            ExifWidthPx = Count("exifWidthPx", 1_000_000),
            FocalMm = Positive("focalMm", 10_000),
            Focal35Mm = Positive("focal35Mm", 10_000),
            FocalPlaneXResolution = Positive("focalPlaneXResolution", 1e9),
            FocalPlaneUnitMm = Positive("focalPlaneUnitMm", 1000),
            CalibratedFocalPx = Positive("calibratedFocalPx", MaxPixels),
            GpsAltitudeM = Metres("gpsAltitudeM"),
            RelativeAltitudeM = Metres("relativeAltitudeM"),
            GimbalYawDeg = Degrees("gimbalYawDeg"),
            GimbalPitchDeg = Degrees("gimbalPitchDeg"),
            GimbalRollDeg = Degrees("gimbalRollDeg"),
            FlightYawDeg = Degrees("flightYawDeg"),
            FlightPitchDeg = Degrees("flightPitchDeg"),
            FlightRollDeg = Degrees("flightRollDeg"),
            GpsTrackDeg = Degrees("gpsTrackDeg"),
            RtkFlag = Count("rtkFlag", 255),
            AltitudeType = json.Text(camera, at, "altitudeType", required: false, maxLength: 128),
            RtkStdLonM = Error("rtkStdLonM"),
            RtkStdLatM = Error("rtkStdLatM"),
            RtkStdHeightM = Error("rtkStdHeightM"),
            LaserDistanceM = Positive("laserDistanceM", 10_000),
            SurfaceHeightM = Metres("surfaceHeightM"),
            SurfaceErrorM = Error("surfaceErrorM"),
        };
    }
}
