namespace Field.Geo;

/// <summary>
/// The height above ground that a photo's evidence gives, and its standard deviation: the root of the squares of two errors that have nothing
/// to do with each other, that of the camera's own height and that of the surface's. RTK makes the first small and says nothing of the second.
/// </summary>
internal static class HeightEvidence
{
    /// <summary>At or below this the drone was not above what it photographed.</summary>
    public const double LowestM = 0.5;

    /// <summary>
    /// What photographed ground lies above or below the place of take-off when nobody says: the crew stands on a levee or at its foot, on
    /// a deck or on the bank. Field's own figure, on the safe side for levees and bridges up to 5 m over the place of take-off (90 %).
    /// </summary>
    public const double UnknownSurfaceM = 3;

    /// <summary>Nor is more than this share of the height ever in doubt, for lack of anything better.</summary>
    public const double MostShare = 0.5;

    // Drones' data sheets state 0.5 m when hovering; a barometer drifts by 8 m per hPa, and a flight of 20 min sees some tenths of one.
    private const double BarometerM = 1;

    // Data sheets state 1.5 cm + 1 ppm; twice that and the way from antenna to lens.
    private const double RtkFixedHeightM = 0.1;

    // Data sheets of DJI's rangefinders: 0.2 m + 0.15 % of the distance. It sees one spot; a photo's ground lies within some tenths of the height
    // around it, on slopes of up to 1 in 2 (levees).
    private const double LaserM = 0.2;
    private const double LaserShare = 0.0015;
    private const double BesideLaserShare = 0.1;
    private const double NearestLaserM = 1;

    // On Japan's land the geoid lies more than this above the ellipsoid: a height above the sea stated for one above the ellipsoid is found out.
    private const double ContradictionM = 20;

    private sealed record Candidate(double HeightM, double StdM, string Code);

    /// <summary>The surest of what was measured; null when nothing was.</summary>
    /// <param name="evidence">What the file and the crew say.</param>
    /// <param name="angleStdDeg">Standard deviation of the camera's direction.</param>
    /// <param name="codes">Takes the code of what was used.</param>
    public static (double HeightM, double StdM)? Surest(CameraEvidence evidence, double angleStdDeg, List<string> codes)
    {
        Candidate? best = null;
        foreach (var candidate in new[] { OverSurface(evidence, codes), ByLaser(evidence, angleStdDeg), OverTakeoff(evidence) })
        {
            if (candidate?.HeightM > LowestM && !(best?.StdM <= candidate.StdM))
            {
                best = candidate;
            }
        }

        if (best is null)
        {
            return null;
        }

        codes.Add(best.Code);
        return (best.HeightM, Math.Min(best.StdM, MostShare * best.HeightM));
    }

    private static Candidate? OverSurface(CameraEvidence evidence, List<string> codes)
    {
        if (SurfaceErrorM(evidence) is not { } surfaceM || evidence.AltitudeM - evidence.SurfaceHeightM is not { } height || RtkHeightM(evidence) is not { } cameraM)
        {
            return null;
        }

        if (!(height > LowestM && height <= 10_000) || (evidence.RelativeAltitudeM is { } relative && Math.Abs(height - relative) > ContradictionM))
        {
            codes.Add(AssumptionCodes.SurfaceContradicted);
            return null;
        }

        return new Candidate(height, double.Hypot(cameraM, surfaceM), AssumptionCodes.HeightOverSurface);
    }

    private static Candidate? ByLaser(CameraEvidence evidence, double angleStdDeg)
    {
        if (evidence.LaserDistanceM is not (>= NearestLaserM and <= 10_000) || evidence.GimbalPitchDeg is not (>= -180 and < 0))
        {
            return null;
        }

        var (sin, cos) = Math.SinCos(double.DegreesToRadians(-evidence.GimbalPitchDeg.Value));
        var (distance, height) = (evidence.LaserDistanceM.Value, evidence.LaserDistanceM.Value * sin);
        var cameraM = double.Hypot((LaserM + (LaserShare * distance)) * sin, distance * cos * double.DegreesToRadians(angleStdDeg));
        var surfaceM = Math.Min(SurfaceErrorM(evidence) ?? UnknownSurfaceM, BesideLaserShare * height);
        return new Candidate(height, double.Hypot(cameraM, surfaceM), AssumptionCodes.HeightByLaser);
    }

    private static Candidate? OverTakeoff(CameraEvidence evidence)
    {
        var surfaceM = evidence.SurfaceHeightM is null ? SurfaceErrorM(evidence) ?? UnknownSurfaceM : UnknownSurfaceM;
        return evidence.RelativeAltitudeM is >= -10_000 and <= 10_000
            ? new Candidate(evidence.RelativeAltitudeM.Value, double.Hypot(BarometerM, surfaceM), AssumptionCodes.GroundAtTakeoffLevel)
            : null;
    }

    /// <summary>Only RTK's heights are above the ellipsoid; others have no datum that could be relied on.</summary>
    private static double? RtkHeightM(CameraEvidence evidence) => evidence.AltitudeType is not (null or "RtkAlt") ? null : evidence.RtkFlag switch
    {
        50 or 34 or 16 when evidence.RtkStdHeightM is >= 0.001 and <= 100 => evidence.RtkStdHeightM,
        50 => RtkFixedHeightM,
        _ => null,
    };

    private static double? SurfaceErrorM(CameraEvidence evidence) => evidence.SurfaceErrorM is >= 0 and <= 1000 ? evidence.SurfaceErrorM : null;
}
