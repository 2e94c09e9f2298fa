namespace Field.Geo;

/// <summary>
/// Focal length in pixels from what a photo says, in this order:
/// the drone's own calibration; EXIF millimetres over the width of the sensor, when the model is in the table; EXIF millimetres times
/// the focal plane resolution; the 35 mm equivalent; a 24 mm equivalent.
/// The equivalent comes late because it is a rounded whole number and refers (CIPA DCG-001) to the diagonal of a frame that the photo
/// may be a crop of: 20 mm on the 16:9 photos of a Phantom 3 gives 2,121 px by the photo's own diagonal, 2,222 px by width over 36 mm
/// and 2,311 px by the diagonal of the uncropped 4:3 frame, while the lens itself, 3.61 mm before 4,000 px of 1.55 um, has 2,329 px.
/// </summary>
internal static class FocalLength
{
    private const double Film35DiagonalMm = 43.2666;
    private const double Film35WidthMm = 36;
    private const double SameCamera = 0.2;
    private const double DefaultEquivalentMm = 24;

    // Width of the sensor that a photo's full width covers, by EXIF Model. The 1/2.3" sensors of 12 megapixels have 4,000
    // px of 1.55 um, 6.20 mm (the class's nominal 6.17 mm is within 0.5 %); 1" is 13.2 mm wide. Each checked against the same sheet's angle of view: 94 deg for the Phantom 3 and 4, 84 deg for the
    // Phantom 4 Pro, 78.8 deg for the Mavic Pro, 77 deg for the Mavic 2 Pro, 63.5 deg for the P1 with 35 mm, 84 deg for the Mavic 3E (4/3", 17.3 mm)
    // and for the M30's wide camera (1/2", 6.4 mm). Routes are planned with the same widths (RouteCamera).
    private static readonly Dictionary<string, double> SensorWidthMm = new(StringComparer.OrdinalIgnoreCase)
    {
        ["FC300C"] = 6.20,
        ["FC300S"] = 6.20,
        ["FC300X"] = 6.20,
        ["FC330"] = 6.20,
        ["FC220"] = 6.20,
        ["FC6310"] = 13.2,
        ["FC6310R"] = 13.2,
        ["FC6310S"] = 13.2,
        ["L1D-20c"] = 13.2,
        ["ZenmuseP1"] = 35.9,
        ["M3E"] = 17.3,
        ["M30"] = 6.4,
        ["M30T"] = 6.4,
    };

    /// <summary>The width of the sensor of a model in the table, millimetres.</summary>
    /// <exception cref="KeyNotFoundException">The table does not have it.</exception>
    internal static double SensorWidthOf(string model) => SensorWidthMm[model];

    internal static double Derive(CameraEvidence evidence, List<string> assumptions)
    {
        var original = evidence.ExifWidthPx is >= 16 and <= 100_000 and var exifWidth ? exifWidth : evidence.WidthPx;
        var resized = (double)evidence.WidthPx / original;
        var (focalPx, code) = InOriginal(evidence, original);
        if (code is not null)
        {
            assumptions.Add(code);
        }

        return Math.Clamp(focalPx * resized, 1, 1_000_000);
    }

    private static (double FocalPx, string? Code) InOriginal(CameraEvidence evidence, int originalWidthPx)
    {
        if (Plausible(evidence.CalibratedFocalPx, originalWidthPx) is { } calibrated)
        {
            return (calibrated, null);
        }

        var focalMm = Positive(evidence.FocalLengthMm);
        if (evidence.Model is { } model && SensorWidthMm.TryGetValue(model.Trim(), out var widthMm) && IsThatCamera(evidence, widthMm)
            && Plausible(focalMm / widthMm * originalWidthPx, originalWidthPx) is { } fromTable)
        {
            return (fromTable, AssumptionCodes.FocalFromSensorTable);
        }

        if (Plausible(focalMm * Positive(evidence.FocalPlaneXResolution) / UnitMm(evidence), originalWidthPx) is { } fromPlane)
        {
            return (fromPlane, AssumptionCodes.FocalFromFocalPlane);
        }

        var diagonalPx = FrameDiagonalPx(evidence, originalWidthPx);
        return Plausible(Positive(evidence.FocalLength35Mm) / Film35DiagonalMm * diagonalPx, originalWidthPx) is { } from35Mm
            ? (from35Mm, AssumptionCodes.FocalFrom35Mm)
            : (DefaultEquivalentMm / Film35DiagonalMm * diagonalPx, AssumptionCodes.AssumedFocal);
    }

    /// <summary>
    /// Some aircraft have several cameras under one model (wide, telephoto, thermal). The table has the wide one; a 35 mm equivalent
    /// that differs from it by more than a fifth is another's: 162 mm instead of 26 mm for the telephoto of the Mavic 3E.
    /// </summary>
    private static bool IsThatCamera(CameraEvidence evidence, double widthMm) =>
        Positive(evidence.FocalLength35Mm) is not { } equivalent || Positive(evidence.FocalLengthMm) is not { } focalMm
        || Math.Abs((focalMm / widthMm * Film35WidthMm / equivalent) - 1) <= SameCamera;

    /// <summary>A photo wider than 3:2 is taken as the full width of a 4:3 frame, as small drone cameras cut their 16:9.</summary>
    private static double FrameDiagonalPx(CameraEvidence evidence, int originalWidthPx)
    {
        var shape = (double)evidence.HeightPx / evidence.WidthPx;
        var frameShape = shape is < 0.65 and > 0.4 ? 0.75 : shape;
        return originalWidthPx * Math.Sqrt(1 + (frameShape * frameShape));
    }

    /// <summary>Between a fisheye of 157 degrees and a telescope of half a degree across the width; else the tag is nonsense.</summary>
    private static double? Plausible(double? focalPx, int widthPx) =>
        focalPx >= 0.1 * widthPx && focalPx <= 100.0 * widthPx ? focalPx : null;

    private static double? Positive(double? value) => value > 0 && double.IsFinite(value.Value) ? value : null;

    private static double UnitMm(CameraEvidence evidence) => evidence.FocalPlaneResolutionUnit switch
    {
        3 => 10,
        4 => 1,
        5 => 0.001,
        _ => 25.4,
    };
}
