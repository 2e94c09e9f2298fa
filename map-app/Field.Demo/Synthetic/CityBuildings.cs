namespace Field.Demo.Synthetic;

/// <summary>Fills blocks with houses that stand square to their street.</summary>
internal sealed class CityBuildings(CityFeatures features, SeededRandom random)
{
    /// <summary>Two rows of lots back to back, facing the block's lower and upper street.</summary>
    public void Block(double x0, double y0, double x1, double y1, bool commercial)
    {
        double depth = (y1 - y0) / 2;
        foreach (bool upper in (bool[])[false, true])
        {
            double x = x0 + 0.5;
            while (x1 - x > 9)
            {
                double lot = commercial ? random.Next(15, 26) : random.Next(11, 17.5);
                lot = x1 - x - lot < 9 ? x1 - x : lot;
                if (random.Next() > 0.09)
                {
                    Lot(x, lot, depth, upper ? y1 : y0, upper ? -1 : 1, commercial);
                }

                x += lot;
            }
        }
    }

    /// <summary>One building of given size, its middle and turn given; corners follow the map's bend as a rigid body.</summary>
    public void Place(Vec middle, double widthM, double depthM, double turn, string kind, int levels, string? name = null, string? nameEn = null) =>
        features.Building(kind, levels, Rigid(middle, turn, Rectangle(widthM, depthM)), name, nameEn);

    private void Lot(double x, double lot, double depth, double streetY, int inward, bool commercial)
    {
        double width = lot - random.Next(1.8, 3.4);
        double deep = Math.Min(depth - 3.5, commercial ? random.Next(14, 24) : random.Next(8, 12.5));
        double setback = commercial ? random.Next(0.6, 2) : random.Next(1.5, 4);
        Vec middle = new(x + (lot / 2), streetY + (inward * (setback + (deep / 2))));
        bool cornered = !commercial && random.Next() < 0.45;
        List<Vec> ring = cornered ? Cornered(width, deep, inward) : Rectangle(width, deep);
        bool flats = commercial || random.Next() < 0.06;
        int levels = flats ? 2 + random.Next(commercial ? 5 : 3) : 1 + (random.Next() < 0.8 ? 1 : 0);
        string kind = commercial ? "commercial" : flats ? "apartments" : "house";
        features.Building(kind, levels, Rigid(middle, random.Next(-0.02, 0.02), ring));
    }

    private static List<Vec> Rectangle(double width, double depth) =>
        [new(-width / 2, -depth / 2), new(width / 2, -depth / 2), new(width / 2, depth / 2), new(-width / 2, depth / 2)];

    /// <summary>An L: one back corner is garden.</summary>
    private List<Vec> Cornered(double width, double depth, int inward)
    {
        double cutX = width * random.Next(0.25, 0.5);
        double cutY = depth * random.Next(0.25, 0.45);
        double mirrored = random.Next() < 0.5 ? -1 : 1;
        double right = width / 2;
        double top = depth / 2;
        List<Vec> ring = [new(-right, -top), new(right, -top), new(right, top - cutY), new(right - cutX, top - cutY), new(right - cutX, top), new(-right, top)];
        return [.. ring.Select(p => new Vec(p.X * mirrored, p.Y * inward))];
    }

    private static List<Vec> Rigid(Vec middle, double turn, List<Vec> ring)
    {
        Vec place = CityPlan.Bend(middle);
        Vec along = Vec.FromAngle(turn + CityPlan.TurnAt(middle));
        return [.. ring.Select(p => SiteFrame.StreetToEastNorth(place + (along * p.X) + (along.Left() * p.Y)))];
    }
}
