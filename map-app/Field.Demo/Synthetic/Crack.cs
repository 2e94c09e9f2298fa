namespace Field.Demo.Synthetic;

/// <summary>Which flat surface of the city a photo shows.</summary>
internal enum SurfaceKind
{
    /// <summary>The concrete deck of the bridge; X along the bridge to the east bank, Y to the left of it.</summary>
    BridgeDeck,

    /// <summary>The crown of the right bank's levee; X downstream, Y towards the river.</summary>
    Levee,
}

/// <summary>Where a crack is planted.</summary>
/// <param name="Id">Identifier in truth.geojson.</param>
/// <param name="Surface">The surface it lies on.</param>
/// <param name="Middle">About its middle, metres in the surface's frame.</param>
/// <param name="HeadingDeg">Its general direction, degrees counter-clockwise from the surface's X axis.</param>
/// <param name="LengthM">Length along the jagged path, metres.</param>
/// <param name="WidthM">Mean width along the path, metres.</param>
internal sealed record CrackPlan(string Id, SurfaceKind Surface, Vec Middle, double HeadingDeg, double LengthM, double WidthM);

/// <summary>One jagged line with a width at every vertex, metres in the surface's frame.</summary>
internal sealed record CrackPath(IReadOnlyList<Vec> Points, IReadOnlyList<double> WidthsM)
{
    public double LengthM { get; } = Points.Zip(Points.Skip(1), (a, b) => (b - a).Length).Sum();

    /// <summary>Mean width along the path, metres.</summary>
    public double MeanWidthM { get; } = WidthsM.Average();
}

/// <summary>A planted crack: its trunk, which truth.geojson describes, and the finer branches that leave it.</summary>
internal sealed record Crack(CrackPlan Plan, CrackPath Trunk, IReadOnlyList<CrackPath> Branches)
{
    private const double StepM = 0.007;

    /// <summary>Grows the crack as a random walk that keeps its general direction, kinks now and then and changes width.</summary>
    public static Crack Grow(CrackPlan plan, SeededRandom random)
    {
        List<Vec> walk = Walk(random, plan.HeadingDeg * Math.PI / 180, plan.LengthM);
        Vec shift = plan.Middle - walk[walk.Count / 2];
        Vec[] points = [.. walk.Select(p => p + shift)];
        var trunk = new CrackPath(points, Widths(random, points.Length, plan.WidthM, taperBothEnds: true));
        return new Crack(plan, trunk, Branch(random, plan, trunk));
    }

    private static List<CrackPath> Branch(SeededRandom random, CrackPlan plan, CrackPath trunk)
    {
        List<CrackPath> branches = [];
        int count = random.Next(3) + (plan.LengthM > 1.5 ? 1 : 0);
        for (int i = 0; i < count; i++)
        {
            int at = (int)(trunk.Points.Count * random.Next(0.2, 0.8));
            double side = random.Next() < 0.5 ? -1 : 1;
            double heading = (plan.HeadingDeg * Math.PI / 180) + (random.Next() < 0.5 ? Math.PI : 0) + (side * random.Next(0.5, 1.1));
            List<Vec> walk = Walk(random, heading, plan.LengthM * random.Next(0.08, 0.22));
            Vec shift = trunk.Points[at] - walk[0];
            double width = Math.Min(trunk.WidthsM[at], plan.WidthM) * random.Next(0.35, 0.6);
            branches.Add(new CrackPath([.. walk.Select(p => p + shift)], Widths(random, walk.Count, width, taperBothEnds: false)));
        }

        return branches;
    }

    private static List<Vec> Walk(SeededRandom random, double heading, double lengthM)
    {
        int steps = Math.Max(6, (int)Math.Round(lengthM / StepM));
        double drift = 0;
        double jag = 0;
        List<Vec> points = [new Vec(0, 0)];
        for (int i = 0; i < steps; i++)
        {
            drift = (0.975 * drift) + (0.06 * random.Gaussian());
            jag = random.Next() < 0.24 ? random.Next(-1.15, 1.15) : 0.85 * jag;
            points.Add(points[^1] + (Vec.FromAngle(heading + drift + jag) * (lengthM / steps)));
        }

        return points;
    }

    private static double[] Widths(SeededRandom random, int count, double meanM, bool taperBothEnds)
    {
        double[] widths = new double[count];
        double swell = 0;
        for (int i = 0; i < count; i++)
        {
            swell = (0.92 * swell) + (0.13 * random.Gaussian());
            double fromEnd = taperBothEnds ? Math.Min(i, count - 1 - i) / (0.12 * count) : (count - 1 - i) / (0.9 * count);
            widths[i] = (0.25 + (0.75 * Math.Min(1, fromEnd))) * Math.Exp(swell);
        }

        double scale = meanM / widths.Average();
        return [.. widths.Select(w => Math.Min(w * scale, 1.8 * meanM))];
    }
}
