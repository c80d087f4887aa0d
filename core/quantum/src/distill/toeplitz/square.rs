//! Halving: a square Toeplitz matrix times a vector in three squares of half the side (Fan and Hasan 2007, two-way
//! split).

/// A product to write to `y`: of a square matrix of w words' side with the vector `x`.
///
/// `t` holds 2 w words of anti-diagonals; w is the path's leaf times a power of two. `x` and `y` may be cut short:
/// what is missing of `x` is zero, what is missing of `y` is not wanted. `room` holds [`ROOM`] w words.
pub struct Square<'a> {
    pub t: &'a [u64],
    pub x: &'a [u64],
    /// [`PLAIN`] or [`POLYNOMIAL`] words a row.
    pub y: &'a mut [u64],
    pub room: &'a mut [u64],
}

/// Words of a row of the product where bits are added: y_i of 64 rows.
pub const PLAIN: usize = 1;
/// Words of a row of the product where words are polynomials: the sum over j of x_j t_(i+j), of degree below 127.
pub const POLYNOMIAL: usize = 2;
/// Words of room for each word of a square's side.
pub const ROOM: usize = 4 + POLYNOMIAL;

/// Does it: O(w^1.585). `whole` does a square of `leaf` words' side, of which `x` may be cut short, `half` one of half
/// this one's side; both with `store`.
#[inline(always)]
pub fn halve<const ROW: usize, S>(
    square: Square<'_>,
    leaf: usize,
    store: &mut S,
    whole: impl Fn(&mut S, &[u64], &[u64], &mut [u64]),
    half: impl Fn(&mut S, Square<'_>),
) {
    let Square { t, x, y, room } = square;
    if x.is_empty() || y.is_empty() {
        return y.fill(0);
    }
    if t.len() <= 2 * leaf {
        if y.len() == ROW * leaf {
            return whole(store, t, x, y);
        }
        let product = &mut room[..ROW * leaf];
        whole(store, t, x, product);
        return y.copy_from_slice(&product[..y.len()]);
    }
    let side = t.len() / 4;
    let (x0, x1) = x.split_at(side.min(x.len()));
    let (y0, y1) = y.split_at_mut((ROW * side).min(y.len()));
    let (own, room) = room.split_at_mut(ROOM * side);
    let (product, own) = own.split_at_mut(ROW * side);
    if x1.is_empty() || y1.is_empty() {
        half(store, Square { t: &t[..2 * side], x: x0, y: &mut *y0, room: &mut *room });
        half(store, Square { t: &t[side..3 * side], x: x0, y: y1, room: &mut *room });
        if !x1.is_empty() {
            let product = &mut product[..y0.len()];
            half(store, Square { t: &t[side..3 * side], x: x1, y: &mut *product, room });
            xor(y0, product);
        }
        return;
    }
    // y0 = T0 x0 + T1 x1 = (T0 + T1) x0 + T1 (x0 + x1), y1 = T1 x0 + T2 x1 = (T1 + T2) x1 + T1 (x0 + x1).
    let (matrix, vector) = own.split_at_mut(3 * side);
    let vector = &mut vector[..side];
    sum(matrix, t, &t[side..]);
    half(store, Square { t: &matrix[..2 * side], x: x0, y: &mut *y0, room: &mut *room });
    half(store, Square { t: &matrix[side..], x: x1, y: &mut *y1, room: &mut *room });
    sum(vector, x0, x1);
    for (v, x) in vector.iter_mut().zip(x0).skip(x1.len()) {
        *v = *x;
    }
    half(store, Square { t: &t[side..3 * side], x: vector, y: &mut *product, room });
    let rest = y0.len().min(y1.len());
    for ((y0, y1), product) in y0.iter_mut().zip(y1).zip(&*product) {
        *y0 ^= product;
        *y1 ^= product;
    }
    xor(&mut y0[rest..], &product[rest..]);
}

#[inline(always)]
fn sum(out: &mut [u64], a: &[u64], b: &[u64]) {
    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
        *o = a ^ b;
    }
}

#[inline(always)]
fn xor(out: &mut [u64], a: &[u64]) {
    for (o, a) in out.iter_mut().zip(a) {
        *o ^= a;
    }
}
