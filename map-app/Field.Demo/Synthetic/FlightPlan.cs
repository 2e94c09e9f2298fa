namespace Field.Demo.Synthetic;

/// <summary>One exposure of the flight: where the camera really was, over which surface.</summary>
/// <param name="FileName">Name in the flight folder.</param>
/// <param name="Surface">The surface it shows.</param>
/// <param name="EastNorth">Position of the camera, metres.</param>
/// <param name="HeightM">Height above the surface, metres; written as RelativeAltitude.</param>
/// <param name="YawDeg">Gimbal yaw, degrees clockwise from true north.</param>
/// <param name="PitchDeg">Gimbal pitch, -90 straight down.</param>
/// <param name="SecondsFromStart">Seconds after the start of the flight.</param>
/// <param name="Exposure">Brightness factor of the camera's automatic exposure.</param>
internal sealed record Shot(
    string FileName, SurfaceKind Surface, Vec EastNorth, double HeightM, double YawDeg, double PitchDeg, double SecondsFromStart, double Exposure);

/// <summary>The 16 exposures (two passes and three oblique views of the bridge deck, six views of the levee) and the 14 cracks.</summary>
internal static class FlightPlan
{
    /// <summary>The levee's stretch: 12.1k of the right bank, this many metres upstream of the bridge.</summary>
    public const double LeveeUpstreamM = 120;

    /// <summary>The crown's centre line lies this far west of the river's, metres.</summary>
    public const double LeveeOffsetM = 65;

    private const double DeckYawDeg = SiteFrame.StreetAzimuthDeg;
    private const double LeveeYawDeg = SiteFrame.StreetAzimuthDeg + 90; // downstream

    /// <summary>
    /// Height of the deck and of the levee's crown that it rests on above the ellipsoid, metres: 14.20 m above the sea and 41.40 m of geoid.
    /// AbsoluteAltitude is this plus RelativeAltitude, and the receiver's noise.
    /// </summary>
    public const double SurfaceHeightM = 55.60;

    /// <summary>How far the demo's crew says that the surface may lie from that, metres: a deck's crossfall; the painted planes are level.</summary>
    public const double SurfaceErrorM = 0.1;

    public static Vec ToEastNorth(SurfaceKind surface, Vec p) => SiteFrame.StreetToEastNorth(
        surface == SurfaceKind.BridgeDeck ? p : new Vec(p.Y - LeveeOffsetM, LeveeUpstreamM - p.X));

    public static Vec FromEastNorth(SurfaceKind surface, Vec eastNorth)
    {
        Vec street = SiteFrame.EastNorthToStreet(eastNorth);
        return surface == SurfaceKind.BridgeDeck ? street : new Vec(LeveeUpstreamM - street.Y, street.X + LeveeOffsetM);
    }

    /// <summary>Camera places are metres in the surface's frame; positive Y is left of the bridge axis, and the river side of the levee.</summary>
    public static IReadOnlyList<Shot> Shots(SeededRandom random)
    {
        (SurfaceKind Surface, double X, double Y, double HeightM, double TurnDeg, double PitchDeg)[] plan =
        [
            (SurfaceKind.BridgeDeck, -59.5, -1.7, 5.5, 0, -90),
            (SurfaceKind.BridgeDeck, -57.3, -1.7, 5.5, 0, -90),
            (SurfaceKind.BridgeDeck, -55.1, -1.7, 5.5, 0, -90),
            (SurfaceKind.BridgeDeck, -52.9, -1.7, 5.6, 0, -90),
            (SurfaceKind.BridgeDeck, -53.4, 1.7, 5.6, 180, -90),
            (SurfaceKind.BridgeDeck, -55.7, 1.7, 5.5, 180, -90),
            (SurfaceKind.BridgeDeck, -58.0, 1.7, 5.4, 180, -90),
            (SurfaceKind.BridgeDeck, -60.3, 0.9, 5.6, 28, -70),
            (SurfaceKind.BridgeDeck, -54.6, -3.2, 5.4, -90, -70),
            (SurfaceKind.BridgeDeck, -51.4, 0.4, 5.3, 140, -72),
            (SurfaceKind.Levee, -9.0, 0.4, 13.5, 0, -90),
            (SurfaceKind.Levee, -3.0, 0.3, 13.4, 0, -90),
            (SurfaceKind.Levee, 3.0, 0.5, 13.5, 0, -90),
            (SurfaceKind.Levee, 9.0, 0.4, 13.6, 0, -90),
            (SurfaceKind.Levee, 6.5, 5.4, 14.2, 180, -90),
            (SurfaceKind.Levee, -5.0, -2.6, 12.6, -62, -71),
        ];
        double seconds = 0;
        return [.. plan.Select((p, i) =>
        {
            seconds += random.Next(3.5, 6.5) + (i == 10 ? 48 : 0);
            Vec place = new(p.X + random.Next(-0.12, 0.12), p.Y + random.Next(-0.08, 0.08));
            double axis = p.Surface == SurfaceKind.BridgeDeck ? DeckYawDeg : LeveeYawDeg;
            double yaw = Math.Round(Wrap(axis + p.TurnDeg + random.Next(-1.2, 1.2)), 2);
            return new Shot(
                $"FLD_{i + 1:0000}.JPG", p.Surface, ToEastNorth(p.Surface, place), Math.Round(p.HeightM + random.Next(-0.05, 0.05), 3),
                yaw, p.PitchDeg, Math.Round(seconds, 3), random.Next(0.92, 1.08));
        })];
    }

    public static IReadOnlyList<Crack> Cracks(int seed)
    {
        CrackPlan[] plans =
        [
            new("deck-01", SurfaceKind.BridgeDeck, new(-58.7, -2.2), 78, 2.2, 0.0066),
            new("deck-02", SurfaceKind.BridgeDeck, new(-56.5, -1.2), 97, 1.6, 0.0086),
            new("deck-03", SurfaceKind.BridgeDeck, new(-54.3, -2.6), 18, 1.8, 0.0072),
            new("deck-04", SurfaceKind.BridgeDeck, new(-52.5, -1.0), 68, 1.3, 0.0112),
            new("deck-05", SurfaceKind.BridgeDeck, new(-58.7, 1.7), 104, 2.3, 0.0092),
            new("deck-06", SurfaceKind.BridgeDeck, new(-56.9, 2.7), 12, 1.4, 0.0031),
            new("deck-07", SurfaceKind.BridgeDeck, new(-55.2, 1.4), 58, 2.0, 0.0145),
            new("deck-08", SurfaceKind.BridgeDeck, new(-53.0, 2.2), 112, 0.9, 0.0046),
            new("deck-09", SurfaceKind.BridgeDeck, new(-57.5, -3.1), 40, 0.45, 0.0078),
            new("levee-01", SurfaceKind.Levee, new(-9.2, 0.9), 6, 3.0, 0.020),
            new("levee-02", SurfaceKind.Levee, new(-4.6, -1.1), -9, 2.4, 0.028),
            new("levee-03", SurfaceKind.Levee, new(0.4, 0.2), 84, 1.9, 0.0168),
            new("levee-04", SurfaceKind.Levee, new(5.6, -0.7), 33, 2.2, 0.037),
            new("levee-05", SurfaceKind.Levee, new(9.6, 1.2), -4, 1.6, 0.0092),
        ];
        return [.. plans.Select(p => Crack.Grow(p, SeededRandom.For(seed, p.Id)))];
    }

    private static double Wrap(double degrees) => degrees - (360 * Math.Floor((degrees + 180) / 360));
}
