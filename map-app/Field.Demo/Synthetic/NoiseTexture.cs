namespace Field.Demo.Synthetic;

/// <summary>A square of precomputed noise that repeats without a seam; values about -1 to 1, mean 0.</summary>
internal sealed class NoiseTexture
{
    private const int Size = 1024;
    private const int Mask = Size - 1;
    private readonly float[] _values = new float[Size * Size];

    /// <summary>Fractal value noise: the coarsest feature is <c>Size / coarsestCells</c> texels wide, each octave halves it.</summary>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="coarsestCells">Cells of the first octave along one side, a power of two.</param>
    /// <param name="octaves">Number of octaves.</param>
    /// <param name="persistence">Amplitude of an octave relative to the one before.</param>
    public NoiseTexture(SeededRandom random, int coarsestCells, int octaves, double persistence)
    {
        double amplitude = 1;
        for (int octave = 0, cells = coarsestCells; octave < octaves && cells <= Size; octave++, cells *= 2)
        {
            AddOctave(random, cells, (float)amplitude);
            amplitude *= persistence;
        }

        Normalise();
    }

    /// <summary>Bilinear value at a texel coordinate; any coordinate, it wraps.</summary>
    public float At(float x, float y)
    {
        float fx = MathF.Floor(x);
        float fy = MathF.Floor(y);
        int x0 = (int)fx & Mask;
        int y0 = ((int)fy & Mask) * Size;
        int x1 = (x0 + 1) & Mask;
        int y1 = (y0 + Size) & (Size * Size - 1);
        float tx = x - fx;
        float ty = y - fy;
        float[] v = _values;
        float top = v[y0 + x0] + (tx * (v[y0 + x1] - v[y0 + x0]));
        float bottom = v[y1 + x0] + (tx * (v[y1 + x1] - v[y1 + x0]));
        return top + (ty * (bottom - top));
    }

    private void AddOctave(SeededRandom random, int cells, float amplitude)
    {
        float[] lattice = new float[cells * cells];
        for (int i = 0; i < lattice.Length; i++)
        {
            lattice[i] = (float)((random.Next() * 2) - 1);
        }

        float scale = (float)cells / Size;
        Parallel.For(0, Size, y => AddRow(lattice, cells, scale, amplitude, y));
    }

    private void AddRow(float[] lattice, int cells, float scale, float amplitude, int y)
    {
        float v = y * scale;
        int y0 = (int)v;
        float ty = Ease(v - y0);
        int row0 = y0 * cells;
        int row1 = (y0 + 1) % cells * cells;
        for (int x = 0; x < Size; x++)
        {
            float u = x * scale;
            int x0 = (int)u;
            float tx = Ease(u - x0);
            int x1 = (x0 + 1) % cells;
            float top = lattice[row0 + x0] + (tx * (lattice[row0 + x1] - lattice[row0 + x0]));
            float bottom = lattice[row1 + x0] + (tx * (lattice[row1 + x1] - lattice[row1 + x0]));
            _values[(y * Size) + x] += amplitude * (top + (ty * (bottom - top)));
        }
    }

    /// <summary>Mean 0, and the standard deviation 0.4 whatever the octaves were.</summary>
    private void Normalise()
    {
        double sum = 0;
        double squares = 0;
        foreach (float v in _values)
        {
            sum += v;
            squares += (double)v * v;
        }

        double mean = sum / _values.Length;
        double scale = 0.4 / Math.Sqrt((squares / _values.Length) - (mean * mean));
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = (float)((_values[i] - mean) * scale);
        }
    }

    private static float Ease(float t) => t * t * (3 - (2 * t));
}
