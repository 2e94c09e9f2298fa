namespace Field.Geo;

/// <summary>A vector in double precision: east, north, up of a local frame, or x, y, z of the earth-centred one.</summary>
internal readonly record struct Vector3(double X, double Y, double Z)
{
    public static Vector3 operator +(Vector3 a, Vector3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vector3 operator -(Vector3 a, Vector3 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Vector3 operator *(Vector3 a, double k) => new(a.X * k, a.Y * k, a.Z * k);

    public double Dot(Vector3 b) => (X * b.X) + (Y * b.Y) + (Z * b.Z);

    public Vector3 Cross(Vector3 b) => new((Y * b.Z) - (Z * b.Y), (Z * b.X) - (X * b.Z), (X * b.Y) - (Y * b.X));
}
