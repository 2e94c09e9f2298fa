namespace Field.Demo.Synthetic;

/// <summary>
/// The regular plan that the town is laid out on, metres: X across the river to the east bank, Y upstream, the bridge's middle
/// at 0, 0. <see cref="Bend"/> then bends river, streets and houses together, so that the map does not look ruled.
/// </summary>
internal static class CityPlan
{
    public const double West = -640;
    public const double East = 480;
    public const double South = -430;
    public const double North = 430;
    public const double WaterHalfM = 55;
    public const double LeveeOuterM = 78;
    public const double BridgeHalfM = 62;
    public const double RailwayX = -585;

    /// <summary>Streets of the west bank's town; what lies between two neighbours is a block.</summary>
    public static double[] StreetXs { get; } = [-560, -490, -410, -330, -250, -170, -95];

    public static double[] StreetYs { get; } = [-405, -345, -280, -210, -140, -70, 0, 75, 150, 225, 295, 350, 405];

    /// <summary>The plan bent to the town: exact within 220 m of the bridge along the river, where the photos are.</summary>
    public static Vec Bend(Vec p)
    {
        double beyond = Math.Max(0, Math.Abs(p.Y) - 220);
        double river = Math.Sign(p.Y) * 0.0009 * beyond * beyond;
        double ramp = Ramp((-110 - p.X) / 160) + (0.6 * Ramp((p.X - 130) / 160));
        double x = p.X + river + (ramp * 9 * Math.Sin((p.Y / 115) + 0.6));
        double y = p.Y + (ramp * 12 * (Math.Sin((p.X / 125) + 0.4) + (0.4 * Math.Sin(p.X / 47))));
        return new Vec(x, y);
    }

    /// <summary>Plan to east, north.</summary>
    public static Vec Place(Vec p) => SiteFrame.StreetToEastNorth(Bend(p));

    /// <summary>The direction, in the bent street frame, of the plan's X axis at a point; houses are turned by it, not sheared.</summary>
    public static double TurnAt(Vec p)
    {
        Vec d = Bend(p + new Vec(2, 0)) - Bend(p - new Vec(2, 0));
        return Math.Atan2(d.Y, d.X);
    }

    /// <summary>A line of the plan as points on the map, at most 15 m apart.</summary>
    public static List<Vec> Line(params Vec[] corners)
    {
        List<Vec> points = [Place(corners[0])];
        for (int i = 1; i < corners.Length; i++)
        {
            Vec leg = corners[i] - corners[i - 1];
            int steps = Math.Max(1, (int)Math.Ceiling(leg.Length / 15));
            for (int k = 1; k <= steps; k++)
            {
                points.Add(Place(corners[i - 1] + (leg * ((double)k / steps))));
            }
        }

        return points;
    }

    /// <summary>A rectangle of the plan as a ring on the map, not closed.</summary>
    public static List<Vec> Area(double x0, double y0, double x1, double y1)
    {
        List<Vec> ring = Line(new(x0, y0), new(x1, y0), new(x1, y1), new(x0, y1), new(x0, y0));
        ring.RemoveAt(ring.Count - 1);
        return ring;
    }

    private static double Ramp(double t)
    {
        t = Math.Clamp(t, 0, 1);
        return t * t * (3 - (2 * t));
    }
}
