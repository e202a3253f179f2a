'use strict';
module.exports = { async checkUndumpable() {} };
