namespace Field.Geo;

/// <summary>
/// Turns the evidence in a photo's file into a camera that can be projected on the ground, and says what was assumed. Without a GPS
/// place nothing is assumed: the photo has no place.
/// </summary>
public static class CameraModel
{
    // Standard deviations. Hovering accuracy in DJI's data sheets: 1.5 m horizontal with GPS, 0.02 deg gimbal control; the larger figures
    // add the compass and the gimbal's mounting. Of heights see HeightEvidence.
    private const double GpsHorizontalM = 2.5;
    private const double RtkFixedHorizontalM = 0.05;
    private const double GpsHeightM = 10;
    private const double GimbalAngleDeg = 1.5;
    private const double AssumedAngleDeg = 10;

    /// <summary>Derives the camera of one photo.</summary>
    /// <param name="evidence">What the file says.</param>
    /// <param name="assumptions">What to assume where it is silent; null for the defaults.</param>
    /// <returns>Pose, intrinsics and uncertainty with the codes of everything assumed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The photo has no size, or an assumption is out of its range.</exception>
    public static CameraEstimate Derive(CameraEvidence evidence, CameraAssumptions? assumptions = null)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        assumptions ??= new CameraAssumptions();
        Require.Range(evidence.WidthPx, 1, 100_000, nameof(evidence.WidthPx));
        Require.Range(evidence.HeightPx, 1, 100_000, nameof(evidence.HeightPx));
        Require.Range(assumptions.HeightAboveGroundM, 1, 10_000, nameof(assumptions.HeightAboveGroundM));
        Require.Range(assumptions.GroundElevationM ?? 0, -1000, 10_000, nameof(assumptions.GroundElevationM));

        var codes = new List<string>();
        var angles = new List<string>();
        var (yaw, pitch, roll, angleDeg) = Direction(evidence, angles);
        var height = Height(evidence, assumptions, angleDeg, codes);
        codes.AddRange(angles);
        var intrinsics = new CameraIntrinsics(evidence.WidthPx, evidence.HeightPx, FocalLength.Derive(evidence, codes));
        var uncertainty = new PoseUncertainty(HorizontalM(evidence), height?.StdM ?? 0, angleDeg);

        if (Place(evidence) is not { } place)
        {
            return new CameraEstimate(Placement.None, null, intrinsics, uncertainty, codes, "no-gps");
        }

        if (height is not { } above)
        {
            return new CameraEstimate(Placement.None, null, intrinsics, uncertainty, codes, "not-above-takeoff");
        }

        var measured = !codes.Any(IsGuess);
        var pose = new CameraPose(place, above.HeightM, yaw, pitch, roll);
        return new CameraEstimate(
            measured ? Placement.Measured : Placement.Assumed, pose, intrinsics, uncertainty, codes, measured ? "" : "assumed");
    }

    private static bool IsGuess(string code) => code is not (
        AssumptionCodes.GroundAtTakeoffLevel or AssumptionCodes.HeightOverSurface or AssumptionCodes.HeightByLaser
        or AssumptionCodes.SurfaceContradicted or AssumptionCodes.FocalFromSensorTable or AssumptionCodes.FocalFromFocalPlane
        or AssumptionCodes.FocalFrom35Mm);

    /// <summary>Null when the drone says that it was not above its place of take-off, and nothing tells where the ground was.</summary>
    private static (double HeightM, double StdM)? Height(CameraEvidence evidence, CameraAssumptions assumptions, double angleDeg, List<string> codes)
    {
        if (HeightEvidence.Surest(evidence, angleDeg, codes) is { } measured)
        {
            return measured;
        }

        if (Within(evidence.AltitudeM - assumptions.GroundElevationM, HeightEvidence.LowestM, 10_000) is { } aboveGround)
        {
            codes.Add(AssumptionCodes.HeightFromGpsAltitude);
            return (aboveGround, Math.Min(double.Hypot(GpsHeightM, HeightEvidence.UnknownSurfaceM), HeightEvidence.MostShare * aboveGround));
        }

        if (Within(evidence.RelativeAltitudeM, -10_000, 10_000) is not null)
        {
            return null;
        }

        codes.Add(AssumptionCodes.AssumedHeight);
        return (assumptions.HeightAboveGroundM, HeightEvidence.MostShare * assumptions.HeightAboveGroundM);
    }

    private static (double YawDeg, double PitchDeg, double RollDeg, double StdDeg) Direction(CameraEvidence evidence, List<string> codes)
    {
        var pitch = Within(evidence.GimbalPitchDeg, -180, 180);
        if (pitch is null)
        {
            codes.Add(AssumptionCodes.AssumedNadir);
        }

        var (yaw, code) = Yaw(evidence);
        if (code is not null)
        {
            codes.Add(code);
        }

        var known = pitch is not null && code is null;
        return (yaw, pitch ?? -90, Within(evidence.GimbalRollDeg, -360, 360) ?? 0, known ? GimbalAngleDeg : AssumedAngleDeg);
    }

    private static (double YawDeg, string? Code) Yaw(CameraEvidence evidence)
    {
        if (Within(evidence.GimbalYawDeg, -360, 360) is { } gimbal)
        {
            return (gimbal, null);
        }

        if (Within(evidence.FlightYawDeg, -360, 360) is { } flight)
        {
            return (flight, AssumptionCodes.YawFromFlight);
        }

        return Within(evidence.GpsTrackDeg, 0, 360) is { } track
            ? (track, AssumptionCodes.YawFromGpsTrack)
            : (0, AssumptionCodes.AssumedNorthUp);
    }

    /// <summary>Exactly 0, 0 is what drones write before their first fix.</summary>
    private static LonLat? Place(CameraEvidence evidence) =>
        evidence.Position is { } place && place != default && Math.Abs(place.Lon) <= 180 && Math.Abs(place.Lat) <= CameraPose.MaxLatDeg
            ? place
            : null;

    private static double HorizontalM(CameraEvidence evidence) => evidence.RtkFlag switch
    {
        50 or 34 or 16 when Within(evidence.RtkStdHorizontalM, 0.001, 100) is { } stated => stated,
        50 => RtkFixedHorizontalM,
        _ => GpsHorizontalM,
    };

    private static double? Within(double? value, double low, double high) => value >= low && value <= high ? value : null;
}
